//! Services that are commanded by a noun and a verb: clouds, hosts, platforms.
//!
//! One rule for all of them: what the verb is. Their other commands are in the table.

use crate::commands::lines::Word;
use crate::commands::rule::{Act, Rule, on, plain};

pub(super) const RULES: &[Rule] = &[
    on("aws s3 sync|mv|cp", Act::Resource).with("--delete").but("--dryrun"),
    on("aws s3 mv", Act::Resource).but("--dryrun help").mild(),
    on("aws secretsmanager update-secret|put-secret-value|rotate-secret|cancel-rotate-secret", Act::Overwrites),
    on("aws ssm put-parameter", Act::Overwrites).with("--overwrite"),
    on("aws route53 change-resource-record-sets", Act::Resource).with("*DELETE* *UPSERT* file:*"),
    on("aws s3api put-bucket-lifecycle*|put-object-retention|put-bucket-versioning|put-object-lock-configuration", Act::Resource).with("*Suspended* *Expiration* file:* *Status=Suspended*").mild(),
    on("aws rds|elbv2|elb|ec2|eks|ecs|lambda|kms|iam|cloudfront|autoscaling|dynamodb|redshift|elasticache|docdb|neptune|opensearch|es|sagemaker|emr|glue|dms", Act::Resource)
        .with("schedule-key-deletion modify-* update-auto-scaling-group reboot-* restore-* failover-* set-desired-capacity update-distribution put-scaling-policy update-table replace-* set-security-groups force-* update-service update-listener update-function-code set-subnets set-rule-priorities").mild(),
    on("aws kms schedule-key-deletion|disable-key|disable-key-rotation", Act::Account),
    on("aws iam deactivate-mfa-device|detach-*|remove-*", Act::Account),
    on("aws guardduty|cloudtrail|config|securityhub|macie2|inspector2|access-analyzer disable*|stop-*|delete-*|disassociate-*", Act::Stops),
    on("aws organizations leave-organization|close-account|remove-account-from-organization", Act::Account),
    on("aws ses set-active-receipt-rule-set|update-account-sending-enabled|put-account-sending-attributes|put-account-suppression-attributes", Act::Stops),
    on("aws sesv2 put-account-*", Act::Stops),
    on("aws ec2|apprunner|medialive release-*|reject-*", Act::Resource),
    on("aws ecs update-service", Act::Stops).with("--desired-count --force-new-deployment"),
    on("aws ssm send-command", Act::Files).with("*rm -r* *rm\\ -r* *shutdown* *reboot*"),
    on("gsutil|gcloud rm|rb|rsync|storage|mv", Act::Resource).with("rm rb -d --delete-unmatched-destination-objects").but("-n --dry-run"),
    on("gsutil lifecycle|versioning|retention|iam|acl set|clear|off|ch|release", Act::Resource).with("clear off release -d -x").mild(),
    on("gcloud sql instances|backups|users restart|patch|failover|restore-backup|promote-replica|reset-ssl-config|set-password", Act::Resource).mild(),
    on("gcloud compute instances|instance-groups|disks|networks|backend-services stop|reset|suspend|detach-disk|update-*|managed|remove-*", Act::Stops).with("stop reset suspend detach-disk delete-* abandon-* recreate-* resize --size=0 remove-*"),
    on("gcloud services disable", Act::Stops),
    on("gcloud container clusters resize|upgrade", Act::Stops).mild(),
    on("gcloud kms keys|versions destroy|disable|remove-*", Act::Account),
    on("gcloud projects|organizations|iam remove-*|delete", Act::Account),
    on("gcloud app versions|instances|services stop|migrate|set-traffic", Act::Stops).mild(),
    on("gcloud run services|deploy update-traffic|--no-traffic", Act::Stops).mild(),
    on("az group|resource|vm|vmss|aks|webapp|functionapp|sql|storage|network|keyvault|cosmosdb|redis|acr|ad|role|policy|deployment|lock|snapshot|disk|monitor|backup|servicebus|eventhubs|iot|appservice|containerapp|container|batch|search|cdn|dns|tag|account", Act::Resource)
        .with("delete purge remove deallocate stop restart redeploy reimage reset failover-group regenerate renew-key disable terminate unregister delete-batch delete-* purge-* cancel failover restore reset-credentials")
        .but("list show exists"),
    on("az deployment group|sub|mg create", Act::Resource).with("Complete"),
    on("azcopy remove|rm", Act::Resource).but("--dry-run"),
    on("azcopy sync", Act::Resource).with("--delete-destination").but("--dry-run --delete-destination=false"),
    on("azcopy jobs clean|remove|rm", Act::Resource).mild(),
    on("mc|mcli rb|rm|undo|mirror|ilm|retention|legalhold|replicate|version|event|admin|mv|tag|anonymous|encrypt|quota|alias|batch|idp|support", Act::Resource)
        .with("rb rm undo --remove remove disable clear suspend unset delete detach stop restart --purge rotate cancel")
        .but("ls list info --dry-run --fake"),
    on("s3cmd|s4cmd|s5cmd|obsutil|ossutil|coscmd|b2|rad|qshell|swift|ossutil64|bcecmd|obs|uplink|ipfs|storj del|rm|rb|rmdir|delete|sync|mv|expire|setlifecycle|dellifecycle|delpolicy|delcors|delete-bucket|delete-file-version|delete_bucket|batchdelete|cancel-*|post|access|bucket|file|abort|clear-bucket|key|pin|repo|block|cancel", Act::Resource)
        .with("del rm rb rmdir delete --delete-removed --delete expire dellifecycle delpolicy delcors delete-* batchdelete --force revoke gc remove --delete-dest cancel-all-unfinished-large-files hide --recursive -r")
        .but("--dry-run -n ls"),
    on("curl|curlie", Act::Resource).with("-XDELETE --request=DELETE DELETE -XPURGE PURGE --request=PURGE -XDeLeTe"),
    on("http|https|xh|xhs|httpie|hurl|grpcurl|wget|ab|oha|hey delete|--method=DELETE", Act::Resource),
    on("wget", Act::Resource).with("--method=DELETE DELETE"),
    on("http|https|xh DELETE", Act::Resource),
    on("invoke-restmethod|invoke-webrequest|irm|iwr", Act::Resource).with("Delete"),
    on("curl", Act::Data).with("*_delete_by_query* */_shutdown* */_close*"),
    on("curl", Act::Resource).with("*=delete *\"delete\"* */delete */purge */purge_all */purge_cache").with("-X --request -d --data -XPOST --request=POST & */purge_cache */purge_all */delete *_delete* */purge"),
    on("heroku apps:rename|clients:rotate|clients:update|access:update|apps:leave|domains:clear|pg:reset|pg:promote|pg:kill*|repo:*|ps:scale|releases:rollback|rollback|pg:copy|pg:push|certs:update|apps:transfer|maintenance:on|features:disable|labs:disable|pg:credentials:rotate|pg:backups:restore|redis:promote|keys:clear|ps:type|pg:upgrade|ps:resize", Act::Stops),
    on("fly|flyctl scale|machine|deploy|apps|postgres|pg|secrets|volumes|ips|certs|suspend|regions|wireguard|orgs|tokens|redis|ext|consul count|vm|destroy|stop|kill|suspend|restart|failover|detach|move|unset|release|remove|revoke|delete|reset|leave|update|set", Act::Stops)
        .with("0 destroy kill stop suspend failover detach move unset release remove revoke delete reset detach").but("list show status ").mild(),
    on("vercel|netlify|wrangler|railway|cf|dokku|caprover|kamal|upsun|scalingo|dokploy|coolify|zeabur|northflank|koyeb|qovery|porter|gigalixir|nf|expo|eas|fastlane|appcenter|shopify|stripe|sfdx|sf|twilio|ngrok|pantheon|terminus|acli|amplify", Act::Resource)
        .with("rollback unset:all env:unset teardown down rm remove delete terminate sites:delete env:rm *:delete *:destroy *:remove *:unset env:wipe env:wipe nuke tombstone unlink push-destructive app:destroy domains:clear apps:destroy")
        .but("--dry-run list ls"),
    on("wrangler deployments|versions|rollback|d1|secret|pages|queues|kv|r2|hyperdrive|vectorize|tail|dispatch-namespace|workflows|cert rollback|execute|delete|restore|project|namespace|key|bulk|bucket|object|purge|time-travel|terminate|consumer|deployment", Act::Resource)
        .with("rollback delete restore purge terminate *DROP* *DELETE* *TRUNCATE* remove"),
    on("wrangler rollback", Act::Resource),
    on("fastly purge", Act::Resource),
    on("fastly service-version|service|version|compute activate|deactivate|rollback|version", Act::Stops).with("activate deactivate rollback"),
    on("split splits|segments|environments|workspaces|traffic-types|feature-flags kill|delete|archive|remove|restore|disable", Act::Resource),
    on("ldcli|launchdarkly|unleash|flipt|flagsmith|growthbook|optimizely|statsig|configcat|posthog flags|features|feature|flag|projects|environments|segments|members|archive|strategies|api-keys|delete|toggle-off|rule|variant|namespace|rollout|constraint|distribution|teams|tokens|segment|release|webhooks|metrics|access-tokens", Act::Resource)
        .with("delete archive remove kill toggle-off archive-* delete-* revoke reset"),
    on("pd|pagerduty|datadog-ci|dog|newrelic|sentry-cli|grafana-cli|grafanactl|opsgenie|lacework|honeycomb|checkly|uptimerobot|betteruptime|signoz|dogwrap|instana|dynatrace|monaco", Act::Resource)
        .with("delete delete-* remove destroy deleteBuilds purge cancel mute mute_all disable archive delete-all deactivate uninstall close resolve").but("list get"),
    on("circleci|travis|buildkite-agent|drone|gitlab-runner|actions-runner|config.sh|jenkins-cli|jenkins-cli.jar|jenkins|java|argo|tkn|concourse|fly|woodpecker-cli|bk|teamcity|bamboo|codefresh|semaphore|sem|appveyor|act_runner|runner", Act::Resource)
        .with("unregister remove-secret remove-env-var delete-* delete delete-job delete-builds delete-node delete-view delete-credentials disable-job safe-shutdown shutdown quiet-down restart destroy-pipeline dp delete-namespace-alias remove terminate stop-job cancel-job disconnect-node offline-node *:delete delete-namespace clear-queue --all-runners retire disconnect")
        .but("list verify status"),
    on("jfrog|jf|nexus|cloudsmith|packagecloud|artifactory|quay|harbor|gcrane rt|delete|del|yank|rm|remove|repo|docker|npm|purge|artifactory", Act::Resource)
        .with("del delete delete-* dp yank rm repo-delete remove group-delete user-delete dpc purge replication-delete"),
    on("nix-env|nixos-rebuild|nixops|colmena|deploy destroy|delete|--delete-generations|--rollback|switch", Act::Resource).with("destroy delete --delete-generations --rollback").mild(),
    on("kcadm.sh|kcadm|kc.sh|auth0|okta|onelogin|ory|hydra|kratos|keto|authelia|authentik|fga|logto|clerk|stytch|workos|frontegg delete|delete-*|apps|users|roles|apis|rules|actions|orgs|identities|clients|import|keys|token|tenants|relation-tuple|domains|logs|identity|project|perform|oauth2|revoke|storage|organization", Act::Account)
        .with("delete rm delete-* revoke --override block invalidate janitor flush disable remove delete-all --action-replace"),
    on("openstack|nova|cinder|glance|neutron|keystone|magnum|manila|swift|heat|trove|ironic", Act::Resource)
        .with("delete purge remove unset stop pause suspend rebuild reboot lock evacuate migrate shelve unregister force-delete *-delete revoke undeploy unrescue reset-state resize unlock force_down --force-down abandon disassociate abort").but("list show"),
    on("bw|lpass|doppler|infisical|akeyless|chamber|teller|sops|berglas|1password|enpass|keepassxc-cli|dcli|pass-cli|strongbox delete|rm|edit|secrets|projects|configs|environments|environment|activitylog|items|folders|purge|updatekeys|leave|move-item|items|delete-*|rotate|remove|unset|import|share|groups|logout", Act::Account)
        .with("delete rm purge delete-* unset edit leave rotate --permanent remove -r delete-item rollback revoke"),
];

/// Programs that are commanded by a verb.
pub(in crate::commands) const SERVICES: &str = " aws aws2 az gcloud gsutil oci ibmcloud aliyun tccli hcloud doctl linode-cli vultr vultr-cli scw civo \
    exo upctl ovh ovhcloud openstack swift heroku fly flyctl vercel netlify railway firebase supabase \
    pscale planetscale neon neonctl turso wrangler cloudflared flarectl fastly cf dokku caprover koyeb \
    scalingo northflank glab gh tea bb circleci bk argocd argo flux tkn kubectl oc kops eksctl k3d kind \
    minikube rancher istioctl linkerd cilium velero nomad consul pulumi eb copilot ecs-cli sam amplify \
    sls serverless lxc incus multipass vagrant virsh govc esxcli mc mcli s3cmd s5cmd b2 rpk nats \
    rabbitmqctl rabbitmqadmin pulsar-admin etcdctl influx confluent atlas mongocli cockroach databricks \
    airflow prefect dagster mlflow wandb huggingface-cli hf ollama stripe twilio sendgrid mailgun \
    postmark braintree shopify ngrok auth0 okta ory op bw doppler infisical akeyless newrelic datadog-ci \
    dog pd pagerduty splunk sentry-cli ldcli unleash flipt algolia typesense eas appcenter sfdx sf jfrog \
    jf cloudsmith skopeo crane regctl oras tailscale netbird appwrite convex hasura xata directus \
    contentful contentful-cli sanity wp drush ipa samba-tool ceph rados rbd pm2 supervisorctl adyen \
    chargebee recurly plaid paystack razorpay klaviyo mailchimp customerio zendesk freshdesk hubspot \
    mixpanel posthog snyk semgrep checkov sonar-scanner teleport tsh tctl cloudquery steampipe spacectl \
    env0 tfe terraform-cloud scalr infracost hcp tfc snowsql snow fivetran airbyte octavia dbtcloud \
    hightouch kestra n8n zapier stepzen postman newman insomnia swaggerhub konnect tyk apigeecli apigee \
    gravitee krakend traefik envoy haproxyctl ns1 dnscontrol octodns cli53 dnsimple gandi porkbun \
    zerotier-cli netlifyctl keycdn imgix cloudinary uploadcare livekit agora vonage plivo messagebird \
    bandwidth sns ses sparkpost resend mailjet brevo sendinblue novu onesignal pusher pubnub emqx hivemq \
    cloudamqp upstash momento aiven avn instaclustr scylla astra singlestore yugabyte ysql tidbcloud \
    ticloud cratedb couchbase-cli redis-cloud memcachier elastic-cloud ecctl opensearch-cli meilisearch \
    qdrant pinecone weaviate zilliz kcadm.sh kcadm linode upcloud exoscale stackpath gcore cdn77 \
    selectel tenable crowdstrike jumpcloud onelogin lucidlink rewst tanium fleetctl jira acli confluence \
    asana trello clickup ntn todoist gitea forgejo codeberg sourcehut hut earthly codefresh spinnaker \
    hal chef knife opentofu kamal dokploy coolify sealos kubevela vela okteto garden devspace skaffold \
    tilt loft vcluster crossplane colima limactl orbctl machinectl dockge runpod runpodctl vast vastai \
    lambdalabs coreweave paperspace openai anthropic cohere ossutil coscmd obsutil gridscale ionosctl \
    ionos ubicloud ubi nebius latitude lsh cherryctl ";

/// Whether it cannot be taken back (`true`), or stops something, or is neither.
pub(in crate::commands) fn verb(args: &[Word]) -> Option<Act> {
    for (at, word) in plain(args).take(5).enumerate() {
        if word.len() > 60 || word.contains(['=', '/', '@', ' ', '$']) {
            continue;
        }
        if at > 0 && HARMLESS.contains(&word)
            || at == 0 && matches!(word, "help" | "version" | "login" | "completion")
        {
            return None;
        }
        let mut parts = word.split(['-', ':', '_', '.']);
        if parts.any(|it| it.len() >= 2 && is_in(it, GONE)) {
            return Some(Act::Resource);
        }
        if word.split(['-', ':', '_', '.']).any(|it| it.len() >= 3 && is_in(it, STOPPED)) {
            return Some(Act::Stops);
        }
    }
    None
}

fn is_in(word: &str, list: &[&str]) -> bool {
    list.iter().any(|it| it.eq_ignore_ascii_case(word))
}

/// After these, words are names.
const HARMLESS: &[&str] = &[
    "list", "ls", "get", "describe", "show", "view", "info", "status", "help", "create", "add", "set", "put",
    "run", "exec", "logs", "log", "search", "export", "download", "upload", "cp", "copy", "inspect", "plan",
    "validate", "ssh", "apply", "build", "push", "pull", "enable", "wait", "watch", "invoke", "edit", "open",
    "clone", "start", "new", "init", "read", "comment", "tail", "head", "cat", "find", "query", "test",
    "check", "history", "use", "--help", "-h",
];

const GONE: &[&str] = &[
    "delete",
    "del",
    "destroy",
    "remove",
    "rm",
    "purge",
    "terminate",
    "drop",
    "deregister",
    "uninstall",
    "wipe",
    "erase",
    "obliterate",
    "expunge",
    "nuke",
    "truncate",
    "flush",
    "unpublish",
    "prune",
    "teardown",
    "rb",
    "unregister",
    "flushall",
    "rmdir",
    "deleteall",
    "delprinc",
    "undeploy",
    "destruct",
    "empty",
    "expire",
];

const STOPPED: &[&str] = &[
    "stop",
    "kill",
    "disable",
    "suspend",
    "detach",
    "revoke",
    "unset",
    "unsubscribe",
    "cancel",
    "reset",
    "rollback",
    "archive",
    "leave",
    "abort",
    "deactivate",
    "disassociate",
    "disconnect",
    "evict",
    "drain",
    "cordon",
    "halt",
    "reboot",
    "restart",
    "failover",
    "demote",
    "deprecate",
    "unassign",
    "unbind",
    "unlink",
    "revert",
    "deallocate",
    "refund",
    "void",
    "shutdown",
    "poweroff",
    "block",
    "ban",
    "mute",
    "quarantine",
    "force",
    "seal",
];

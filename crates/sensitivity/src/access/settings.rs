//! Settings that let in more than before: [`judged`].
//!
//! One table of names and values. Names are compared without `_` and case, so that
//! one line stands for Terraform, CloudFormation, Kubernetes and all that look like them.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::pairs::{Pair, bare};
use crate::Severity::{self, Blocking, Warning};

/// Names, of which `*` at an end stands for anything; values; how much it matters.
type Row = (&'static str, &'static str, Severity);

const ON: &str = "true yes on enabled enable 1 allow allowed all always";
const OFF: &str = "false no off disabled disable 0 none";

const ROWS: &[Row] = &[
    // Reached from everywhere.
    (
        "publiclyaccessible publiclyaccessibleenabled ispublic public publicread publicaccess publicaccessenabled publicaccessallowed",
        ON,
        Blocking,
    ),
    (
        "*publicnetworkaccess* *publicaccessenabled *publicnetworkenabled publicnetwork publicnetworkaccessforingestion publicnetworkaccessforquery internetingestionenabled internetqueryenabled",
        ON,
        Blocking,
    ),
    (
        "endpointpublicaccess allowblobpublicaccess allownesteditemstobepublic allowpublicaccess enablepublicaccess publicendpointenabled publicendpoint isaccessedpublicly directinternetaccess publicdataendpointenabled enablepublicendpoint enablepublicnetwork publicdnsenabled",
        ON,
        Blocking,
    ),
    (
        "*publicip *publicipaddress *publicips *publicipassigned *publicipenabled *publicipv4 *publicipv4address mappubliciponlaunch associatepublicip* assignpublicip* nodepublicip* enablenodepublicip allocatepublicip publicipassigned",
        ON,
        Warning,
    ),
    ("*externalip *externalipaddress externalipenabled assignexternalip", ON, Warning),
    (
        "ipv4enabled nat usepublicip* enableexternal* internetfacing isinternetfacing canipforward internetaccessible internetcharging*",
        "true yes on",
        Warning,
    ),
    (
        "noexternalip internalip internaliponly noPublicIp nopublicip nopublicipaddress disableexternalip privateonly",
        OFF,
        Warning,
    ),
    ("accountids accountid", "all", Blocking),
    (
        "blockpublic* ignorepublic* restrictpublic* blockpublicsecuritygrouprules privateclusterenabled enableprivate* privateendpointenabled enableprivatenodes enableprivateendpoint privateaccess disablepublicaccess* publicnetworkaccessdisabled ispublicaccessrestricted enforceprivate*",
        OFF,
        Blocking,
    ),
    ("privatecluster private isprivate internalonly", "false", Warning),
    ("publicaccessprevention", "inherited unspecified", Warning),
    (
        "publicaccess publicaccesstype containeraccesstype publicaccesslevel containerpublicaccess accesstype",
        "blob container objectread objectreadwithoutlist objectreadwrite public publicread publicreadwrite anonymous",
        Blocking,
    ),
    (
        "visibility repositoryvisibility projectvisibility visibilitylevel access repoaccess defaultvisibility publicity",
        "public everyone anyone world public_access",
        Blocking,
    ),
    (
        "acl cannedacl bucketacl objectacl accesscontrol predefinedacl xamzacl defaultacl accesscontrollist",
        "public public-read public-read-write publicread publicreadwrite authenticated-read authenticatedread public_read public_read_write publicreadcontainer publicreadblob website log-delivery-write-public",
        Blocking,
    ),
    (
        "grants permission granteeuri uri",
        "http://acs.amazonaws.com/groups/global/allusers http://acs.amazonaws.com/groups/global/authenticatedusers",
        Blocking,
    ),
    (
        "ingresssettings ingress vpcconnectoringress ingresstraffic runingress",
        "allow_all all ingress_traffic_all allow-all internet",
        Warning,
    ),
    ("ipconfiguration", "worker_ip_public", Warning),
    (
        "endpointtype endpointtypes networktype connectivitytype clustertype scheme addresstype",
        "public internet-facing internetfacing",
        Warning,
    ),
    (
        "authorizationtype authtype authorization authmode authenticationtype authenticationmode functionurlauthtype auth authmethod authlevel authorizationmode clientauthentication",
        "none anonymous always_allow alwaysallow disabled off unauthenticated",
        Blocking,
    ),
    ("defaultaction networkrulesdefaultaction defaultnetworkacl", "allow", Warning),
    ("networkaccesspolicy", "allowall", Warning),
    (
        "allowallips allowazureips allowaccesstoazureservices allowallazureips allowanyip allowall allowallinbound",
        "true yes on",
        Blocking,
    ),
    (
        "crossaccountaccess crosstenantreplicationenabled allowforwardedtraffic allowgatewaytransit remotedebuggingenabled remotedebugging enablelegacyabac legacyabac enablebasicauth basicauthenabled",
        "true yes on",
        Warning,
    ),
    // More rights.
    (
        "privileged privilegedmode privilege isprivileged privilegedaccess privilegedcontainer",
        "true yes on 1",
        Blocking,
    ),
    (
        "allowprivilegeescalation privilegeescalation allowprivilegedcontainer allowprivileged",
        "true yes on 1",
        Warning,
    ),
    (
        "hostnetwork hostpid hostipc hostusersnamespace allowhostnetwork allowhostpid allowhostipc allowhostports allowhostdirvolumeplugin sharehostnetwork",
        "true yes on",
        Blocking,
    ),
    ("networkmode net pid ipc pidmode ipcmode userns usernsmode cgroup uts", "host", Warning),
    ("runasnonroot enforcenonroot", "false", Warning),
    ("runasuser runasgroup", "0 root", Warning),
    ("runasuser runasgroup seuser rule", "runasany mustrunasroot", Warning),
    ("automountserviceaccounttoken", "true", Warning),
    (
        "seccompprofile seccomp apparmor apparmorprofile procmount",
        "unconfined runtime/unconfined unmasked",
        Warning,
    ),
    (
        "adminenabled adminuserenabled localauthenabled localauthenticationenabled sharedaccesskeyenabled adminaccess isadmin administrator superuser issuperuser admin siteadmin rootaccess allowroot* enableroot* sshrootlogin permitrootlogin",
        "true yes on enabled",
        Warning,
    ),
    ("localauthdisabled localauthenticationdisabled disablelocalauth disableapikey", "false", Warning),
    (
        "serialportenable serialportsenable serialconsoleaccess enableserialconsole blockprojectsshkeysoff",
        "true yes on 1",
        Warning,
    ),
    (
        "enableoslogin blockprojectsshkeys enforcemfa requiremfa mfaenabled mfarequired multifactorauthentication twofactorrequired requiretwofactor* enforce2fa rbacenabled enablerbac rolebasedaccesscontrolenabled enforceadmins requirecodeownerreviews requiresignedcommits signedcommits requirepullrequest* branchprotection",
        OFF,
        Warning,
    ),
    ("mfaconfiguration mfa mfadelete", "off disabled", Warning),
    (
        "role basicrole clusterrole orgrole defaultrole accessrole rolename permission permissions accesslevel roledefinitionname defaultpermission defaultrepositorypermission grafanaorgrole",
        "owner roles/owner roles/editor cluster-admin administrator superuser root maintain admin org:admin Owner Contributor Administrators sysadmin securityadmin SUPER_ADMIN roles/iam.securityadmin roles/resourcemanager.organizationadmin",
        Warning,
    ),
    ("serviceaccount serviceaccountname", "default", Warning),
    // Anyone.
    ("principal principals aws identifiers", "* arn:aws:iam::*:*", Blocking),
    (
        "members member allowusers users allowedusers subjects allowgroups allowedprincipals principalarns grantee",
        "* everyone anyone public all world allusers authenticated",
        Blocking,
    ),
    (
        "allowedorigins alloworigins accesscontrolalloworigin origins corsorigins corsallowedorigins corsallowedorigin alloworigin corsorigin allowedorigin",
        "*",
        Warning,
    ),
    (
        "allowedhosts alloweddomains trustedhosts trustedproxies whitelist allowlist ipwhitelist ipallowlist allowedips sourceips allowfrom redirecturis validredirecturis weborigins allowedredirecturis",
        "*",
        Warning,
    ),
    (
        "action actions verbs apigroups nonresourceurls permissions dataactions notactions scopes privileges grants allowedactions",
        "* *:* */*",
        Warning,
    ),
    ("resource resources", "*", Warning),
    (
        "sourceaddressprefix sourceaddressprefixes sourceaddress sourceaddresses source sourceiprange sourceips sourceipranges remoteipprefix remoteip allowedsource* ipranges sourcecidr remotecidr cidrip",
        "* any internet 0.0.0.0/0 ::/0 <nw>/0 any4 0.0.0.0",
        Blocking,
    ),
    // Doors of programs.
    (
        "anonymousauth anonymousaccess anonymousaccessenabled allowanonymous* anonymousenabled authanonymousenabled anonymousread anonymous allowguest* guestaccess enableguest* allowunauthenticated* unauthenticatedaccess unauthenticated enableunauthenticated* allowemptypassword* allowsignup enablesignup publicsignup allowinsecure* authdisabled disableauth* disableauthentication skipauth* bypassauth* xpacksecuritydisabled disablesecurity",
        "true yes on 1 enabled",
        Blocking,
    ),
    (
        "authenabled authenticationenabled authorizationenabled requireauth* requireauthentication enableauth* enableauthentication securityenabled xpacksecurityenabled protectedmode requirepassword clientauth requireclientcert* verifyclient accesscontrolenabled aclenabled enableacl* requireapikey apikeyrequired requirelogin loginrequired",
        OFF,
        Warning,
    ),
    (
        "insecureskipverify skiptlsverify insecureskiptlsverify tlsinsecure allowinsecuretls tlsskipverify skipsslverification insecuretls trustservercertificate disablesslverification acceptinvalidcerts",
        "true yes on 1",
        Warning,
    ),
    (
        "sslverify verifyssl tlsverify strictssl rejectunauthorized verifycertificates validatecerts validatecertificate verifypeer nodetlsrejectunauthorized gitsslnoverify pythonhttpsverify verifytls",
        "false no off 0 n",
        Warning,
    ),
    ("selinux selinuxoptionsmode enforcing", "permissive disabled", Warning),
    ("nopasswd passwordless disablepassword", "true all", Warning),
    ("enableprivilegedcontainers allowsuperuseraccess enablesudo sudo", "true all=(all)", Warning),
];

/// How much it matters what `pair` sets.
pub(super) fn judged(pair: &Pair<'_>) -> Option<Severity> {
    let value = bare(pair.value);
    if value.is_empty() || value.len() > 400 {
        return None;
    }
    let negated = [
        "noexternal",
        "nopublic",
        "nointernet",
        "nonpublic",
        "notpublic",
        "disable",
        "block",
        "deny",
        "restrict",
        "ignore",
    ]
    .iter()
    .any(|it| pair.name.starts_with(it));
    let index = index();
    let exact = index.exact.get(pair.name.as_str()).into_iter().flatten();
    let wild = index.wild.iter().filter(|it| is_name(it.0, &pair.name)).map(|it| &it.1);
    let fits = |row: &&'static Row| {
        let (_, values, _) = **row;
        (!negated || values == OFF || values == "false") && is_value(values, value)
    };
    exact.chain(wild).copied().find(fits).map(|it| it.2)
}

/// The rows by the names they have.
struct Index {
    exact: HashMap<String, Vec<&'static Row>>,
    wild: Vec<(&'static str, &'static Row)>,
}

fn index() -> &'static Index {
    static INDEX: OnceLock<Index> = OnceLock::new();
    INDEX.get_or_init(|| {
        let mut made = Index { exact: HashMap::new(), wild: Vec::new() };
        for row in ROWS {
            for name in row.0.split(' ') {
                if name.contains('*') {
                    made.wild.push((name, row));
                } else {
                    made.exact.entry(name.to_ascii_lowercase()).or_default().push(row);
                }
            }
        }
        made
    })
}

fn is_name(pattern: &str, name: &str) -> bool {
    match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(_), Some(_)) => name.contains(&pattern[1..pattern.len() - 1]),
        (Some(end), _) => name.ends_with(end),
        (_, Some(start)) => name.starts_with(start),
        _ => pattern.eq_ignore_ascii_case(name),
    }
}

/// Whether `value`, or one of a list, is in `values`.
fn is_value(values: &str, value: &str) -> bool {
    value
        .split(',')
        .take(40)
        .map(bare)
        .any(|one| !one.is_empty() && values.split(' ').any(|it| it.eq_ignore_ascii_case(one)))
}

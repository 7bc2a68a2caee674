//! Containers, clusters, virtual machines, and what builds them.

use crate::commands::rule::{Act, Rule, on};

pub(super) const RULES: &[Rule] = &[
    on("docker|podman|nerdctl rm", Act::Resource).with("-f --force -v --volumes -a --all *$(* *`* -l"),
    on("docker|podman|nerdctl container rm|remove", Act::Resource).with("-f --force -v --volumes -a --all *$(* *`*"),
    on("docker|podman|nerdctl rmi", Act::Resource).with("-f --force -a --all *$(* *`*"),
    on("docker|podman|nerdctl image rm|remove", Act::Resource).with("-f --force -a --all *$(* *`*"),
    on("docker|podman|nerdctl container|image|volume|network|system|builder|buildx|pod|buildkit prune", Act::Resource),
    on("docker|podman|nerdctl volume|network|secret|config|stack|service|pod|context|machine|plugin|swarm|node|manifest|trust|kube|builder|buildx rm|remove|leave|down|revoke|purge", Act::Resource),
    on("docker|podman system reset", Act::Resource),
    on("docker|podman machine reset|stop|rm", Act::Resource),
    on("docker|podman|nerdctl stop|kill|restart|pause|update|rename", Act::Stops).with("*$(* *`* -a --all -9 KILL SIGKILL -s --signal"),
    on("docker|podman|nerdctl kill", Act::Stops),
    on("docker|podman|nerdctl container stop|kill", Act::Stops).with("*$(* *`* -a --all"),
    on("docker compose", Act::Resource).with("down rm kill & -v --volumes --rmi -f --force -s --remove-orphans kill"),
    on("docker-compose|podman-compose|docker.compose", Act::Resource).with("down rm kill & -v --volumes --rmi -f --force -s --remove-orphans kill"),
    on("docker service|node scale|update", Act::Stops).with("*=0 drain --availability=drain --force"),
    on("docker swarm leave|ca", Act::Resource).with("-f --force --rotate leave"),
    on("docker|podman load|import|cp", Act::Overwrites).with("*:/etc*"),
    on("buildah|skopeo|crane|regctl|oras|img|ctr|crictl|gcrane rm|rmi|rmp|delete|prune|stopp|images|containers|c|i|tasks|t|manifest|image|tag|repo|blob|namespaces|snapshots", Act::Resource)
        .with("rm rmi rmp delete prune del remove kill stopp -a --all --force"),
    on("kubectl|k|oc|kubecolor|microk8s.kubectl delete", Act::Resource).but("--dry-run --dry-run=client --dry-run=server"),
    on("kubectl|k|oc|kubecolor drain|cordon|taint|evict|scale|set|rollout|autoscale", Act::Stops)
        .but("--dry-run --dry-run=client --dry-run=server status history pause").mild(),
    on("kubectl|k|oc replace|apply", Act::Resource).with("--force --prune --cascade").but("--dry-run --dry-run=client --dry-run=server"),
    on("kubectl|k|oc patch|edit|annotate|label", Act::Resource).with("*finalizers* *replicas\":0* *\"remove\"*"),
    on("kubectl|k|oc config delete-*|unset", Act::Resource).mild(),
    on("kubectl|k|oc certificate deny", Act::Stops),
    on("oc adm|policy|project|rollback|start-build|cancel-build|tag prune|drain|remove-*|delete|-d", Act::Resource),
    on("kustomize edit remove|fix", Act::Resource).mild(),
    on("kubectx|kubens", Act::Resource).with("-d -u").mild(),
    on("microk8s reset|disable|stop|remove-node|kubectl", Act::Resource).with("reset disable stop remove-node delete"),
    on("kubeadm reset", Act::Resource),
    on("k3s-uninstall.sh|k3s-agent-uninstall.sh|k3s-killall.sh|rke2-uninstall.sh", Act::Resource),
    on("rke|rke2|talosctl|kurl|k0s remove|reset|wipe|etcd-remove-member|etcd|shutdown|reboot|leave|upgrade", Act::Resource),
    on("helm|helm3 uninstall|delete|del|un|rollback", Act::Resource).but("--dry-run"),
    on("helm upgrade|install", Act::Resource).with("--force --force-replace --cleanup-on-fail --reset-values").but("--dry-run").mild(),
    on("helmfile destroy|delete|sync|apply", Act::Resource).with("destroy delete"),
    on("helmsman", Act::Resource).with("-destroy --destroy"),
    on("tilt|skaffold|devspace|garden|okteto|werf|telepresence|kompose down|delete|purge|destroy|cleanup|dismiss|uninstall|delete-env|quit|reset", Act::Resource),
    on("istioctl|linkerd|cilium|consul-k8s|operator-sdk|olm|velero|argocd|flux uninstall|x|prune|purge|cleanup", Act::Resource),
    on("etcdctl|etcdutl del|rm|rmdir|lease|member|user|role|auth|snapshot|compaction|defrag", Act::Data)
        .with("del rm rmdir revoke remove delete disable restore compaction"),
    // What builds machines.
    on("terraform|tofu|terragrunt|tf|opentofu destroy", Act::Resource).but("-help"),
    on("terraform|tofu|terragrunt|tf apply|plan", Act::Resource).with("-destroy --destroy -auto-approve --auto-approve --terragrunt-non-interactive -replace").but("plan"),
    on("terraform|tofu|terragrunt|tf run-all|stack|run destroy|apply|--all", Act::Resource).with("destroy apply"),
    on("terraform|tofu|terragrunt|tf state rm|mv|push|replace-provider", Act::Resource).but("-dry-run"),
    on("terraform|tofu|terragrunt|tf workspace delete", Act::Resource),
    on("terraform|tofu|terragrunt|tf force-unlock|taint|untaint", Act::Resource),
    on("terraform|tofu|tf import|refresh", Act::Resource).mild(),
    on("pulumi destroy|cancel|down|dn", Act::Resource).but("--preview-only --help"),
    on("pulumi stack|state|env|config|org|policy|deployment rm|delete|unprotect|rename|repair|import|remove|disable", Act::Resource),
    on("pulumi up|update|refresh", Act::Resource).with("-y --yes -f --skip-preview").mild(),
    on("cdk|cdktf|sst|serverless|sls|amplify|copilot|eb|ecs-cli|zappa|chalice|architect|sam|apex|terraspace|atmos destroy|remove|delete|terminate|down|undeploy|rollback|stop|abort", Act::Resource),
    on("copilot|amplify|eb|sam|ecs-cli app|env|svc|job|environment|service|compose|pipeline|storage|function|mock|backend delete|terminate|down|rm|remove|stop|destroy|destruct", Act::Resource),
    on("vagrant|lando|ddev|nitro|homestead|warden|sail|docksal destroy|delete|halt|poweroff|remove|down|clean|reset|rebuild|poweroff", Act::Resource).but("--help"),
    on("vagrant box|snapshot|global-status|plugin|cloud remove|delete|prune|restore|pop|--prune|uninstall|repair", Act::Resource),
    on("vagrant init", Act::Overwrites).with("-f --force").mild(),
    on("ansible-vault|ansible-galaxy remove|rekey|delete", Act::Resource),
    on("ansible", Act::Files).with("*state=absent*"),
    on("packer|crossplane|kubefirst|clusterctl delete|destroy|uninstall", Act::Resource),
    on("knife|chef|chef-server-ctl|puppet|salt-key|puppetserver node|client|cookbook|environment|role|data|cert|ca|user|org|delete|resource|cleanse|bulk", Act::Resource)
        .with("delete clean purge deactivate cleanse destroy revoke ensure=absent user-delete org-delete bulk"),
    on("salt-key", Act::Account).with("-d -D --delete --delete-all -r -R --reject"),
    // Virtual machines.
    on("virsh destroy|undefine|shutdown|reboot|reset|*-delete|*-destroy|*-undefine|*-remove|*-wipe|detach-*|managedsave-remove|snapshot-revert|blockcommit|suspend", Act::Resource),
    on("virt-sysprep|virt-format|virt-sparsify|guestfish", Act::Disk),
    on("vboxmanage|vbox unregistervm|controlvm|closemedium|snapshot|natnetwork|hostonlyif|dhcpserver|storagectl|modifyvm|cloud|usbfilter", Act::Resource)
        .with("--delete --delete-all poweroff reset delete remove terminate restore *--delete* unregistervm acpipowerbutton savestate"),
    on("prlctl|vmrun|xl|xm|xe|limactl|lima|colima|orbctl|multipass|utmctl|uvt-kvm|quickemu|vmadm|bhyvectl|firecracker|ignite|machinectl", Act::Resource)
        .with("delete destroy remove deleteVM deleteSnapshot purge stop reset vm-destroy vm-uninstall rm hard --destroy poweroff terminate kill shutdown *-destroy *-uninstall *-remove clean --force-poweroff"),
    on("qm|pct destroy|stop|reset|shutdown|rollback|delsnapshot|reboot|unlink|suspend|disk|template", Act::Resource),
    on("pvesh|pveum|pvecm|pvesm|pvenode|vzdump|pveceph|ha-manager|proxmox-backup-manager|proxmox-backup-client delete|del|remove|delnode|free|user|role|group|acl|token|pool|config|destroy|purge|stop|forget|prune|zapping|*-list|snapshot|datastore|garbage-collection", Act::Resource)
        .with("delete del remove delnode free destroy purge --delete forget prune start stop").but("list status --dry-run"),
    on("lxc|incus|lxd delete|stop|rm|image|network|profile|storage|project|snapshot|config|remote|cluster|volume|restore|rebuild", Act::Resource)
        .with("delete rm remove stop unset restore rebuild --force").but("list show info"),
    on("lxc-destroy|lxc-stop|lxc-snapshot", Act::Resource),
    on("govc|esxcli|ovftool|vim-cmd vm.destroy|*.destroy|*.rm|*.remove|*.delete|*.unregister|vmsvc/*|vm.power|system|storage|host.shutdown|datastore.rm|vim|software|network", Act::Resource)
        .with("*destroy* *.rm *.remove* *delete* *.unregister vmsvc/destroy vmsvc/power.off vmsvc/unregister -off -reset shutdown remove reboot poweroff"),
    on("remove-vm|stop-vm|remove-vmsnapshot|restore-vmsnapshot|remove-vhd", Act::Resource).but("-WhatIf"),
    on("wsl", Act::Resource).with("--unregister --shutdown --terminate"),
    on("k3d|kind|minikube|ctlptl|colima|vcluster|kops|eksctl|gardenctl|kwokctl|k3sup|civo|capi|nomad|rancher delete|stop|prune|destroy|cluster|platform|node|rm|drain|utils|reset", Act::Resource)
        .with("delete stop prune destroy rm remove purge drain reset"),
    on("nomad job|node|system|alloc|namespace|volume|operator|acl|deployment|quota|var|sentinel|plugin|server stop|purge|drain|eligibility|gc|delete|deregister|detach|raft|fail|force-leave|revert|restart|snapshot|autopilot|signal", Act::Resource)
        .with("stop purge drain gc delete deregister detach fail force-leave revert restart remove-peer restore signal -disable"),
    on("nomad stop", Act::Resource),
    on("nix profile remove|rollback|wipe-history", Act::Package).mild(),
    on("ceph-volume|cephadm|rook lvm|zap-osds|rm-cluster|rm-daemon|purge", Act::Disk).with("zap zap-osds rm-cluster rm-daemon purge"),
    on("slurm|scancel|qdel|bkill|scontrol|scrun", Act::Stops).with("* delete down drain"),
    on("apptainer|singularity cache|delete|instance", Act::Resource).with("clean delete stop"),
    on("distrobox|toolbox|toolbx rm|stop|rmi|reset", Act::Resource),
];

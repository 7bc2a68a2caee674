//! The words at which lines are looked at.

use std::sync::OnceLock;

/// How a word has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Not going on with a letter or digit.
    Word,
    /// Anywhere.
    Part,
    /// A function that runs itself twice.
    Bomb,
    /// A call in a program, which is a finding by itself.
    Call,
}

/// Verbs, options and rare names of programs.
const WORDS: &str = "flyway gitlab-rake gitlab-backup gitlab-ctl del-cli trash-empty distclean mkdosfs dban sg_sanitize sg_unmap vgsplit vgmerge xfs_growfs rsnapshot \
    grub-install lilo logrotate set-psreadlineoption obnam stow 7z symbolic-ref cherry-pick set-url \
    sparse-checkout read-tree svnadmin gitea kubectx kubens skaffold devspace okteto podman nerdctl pulumi \
    vagrant salt-key virt-sysprep virt-format virt-sparsify lxc-snapshot certutil keytool ldapmodify \
    sysadminctl lpadmin cupsreject exim exim4 list_members zmprov zmmailbox plesk search-mailbox \
    new-compliancesearchaction csf shorewall fail2ban-client brctl networksetup tailscale conntrack auditctl \
    yay paru send-command set-active-receipt-rule-set gsutil azcopy fastly meilisearch sysctl etckeeper \
    droplang pg_dumpall pg_resetxlog mysql_secure_installation memcached-tool mongosh mongocli airflow cacls \
    aa-complain adduser useradd sudoedit add-adgroupmember create-function-url-config \
    modify-subnet-attribute s3cmd doctl clusterrole jupyter glab cloudflared localtunnel powershell pwsh \
    conda guix postqueue mailman arp \
    delete destroy remove purge terminate drop deregister uninstall wipe erase obliterate expunge nuke \
    truncate flush unpublish prune teardown unregister flushall flushdb rmdir undeploy destruct kill disable \
    suspend detach revoke unset unsubscribe cancel rollback deactivate disassociate disconnect evict drain \
    cordon halt reboot failover demote deprecate unassign unbind unlink revert deallocate quarantine \
    poweroff shutdown reset stop restart archive abort force-leave shred srm mkfs wipefs blkdiscard \
    badblocks nwipe hdparm fdisk cfdisk sfdisk gdisk cgdisk sgdisk parted partx partprobe kpartx blockdev \
    cryptsetup luksFormat lvremove vgremove pvremove lvreduce vgreduce pvcreate mdadm mke2fs mkswap newfs \
    dropdb dropuser mongorestore userdel deluser groupdel delgroup rmuser killall pkill taskkill tskill \
    pskill crontab iptables ip6tables ebtables ipset ufw setenforce systemctl vssadmin wbadmin diskpart \
    wevtutil restic borg rclone rimraf --hard --force --mirror --clean --purge --recursive --volumes --flush \
    filter-branch filter-repo --amend rebase --prune yank expire fastboot flash_erase erase_flash storcli \
    megacli lxc-destroy k3s-uninstall.sh undefine postsuper rmlist remove_members atrm ipcrm lprm rmmod \
    modprobe smbpasswd pdbedit dsrm ldapdelete delprinc removepkg pkg_delete autoremove nix-collect-garbage \
    unmount umount swapoff dcfldd dc3dd sdelete sdelete64 robocopy rsync deltree repo-delete rdelete \
    recreate break-lock force-unlock taint untaint pg_resetwal pg_rewind efibootmgr nvram flashrom \
    format.com update-secret put-secret-value rotate-secret put-parameter change-resource-record-sets \
    schedule-key-deletion put-scaling-policy leave-organization close-account maintenance:on ps:scale \
    apps:rename clients:rotate nodetool decommission removenode assassinate kadmin ssh-keygen ssh-add gpg \
    certbot tmutil diskutil visibility replace-provider auto-approve -auto-approve deletefile cleanup dedupe \
    rmdirs rmi unmask mask isolate bootout unload dkms logoff tsdiscon rwinsta fuser ifconfig ifdown nmcli \
    ethtool pfctl ipfw xattr exiv2 exiftool journalctl fsck e2fsck xfs_repair resize2fs tune2fs losetup \
    netsh bcdedit schtasks wmic msiexec takeown attrib reg.exe undelete migrate:fresh migrate:reset db:wipe \
    db:reset db:drop sqlflush reset_db dropAll rmtree removedirs remove_tree rmSync rm_rf destroy_all \
    delete_all curl wget redis-cli sudoers rm-cluster zap sql-drop migrate:refresh --delete-before \
    Remove-Item Clear-Content Clear-Disk Format-Volume Stop-Computer Restart-Computer Stop-Service \
    Stop-Process Remove-Service Clear-RecycleBin Remove-Partition Initialize-Disk Remove-LocalUser \
    Clear-EventLog Clear-History Remove-VM Stop-VM Remove-Mailbox Disable-NetAdapter Remove-ADUser \
    Remove-ItemProperty Clear-Item Disable-LocalUser Suspend-Service Uninstall-Package \
    Set-NetFirewallProfile Invoke-RestMethod --abort --merge --keep --discard-changes worktree update-ref \
    git-filter-repo bfg abandon strip histedit uncommit logout deinit rollout rpk hangup kick deleteall \
    scancel qdel bkill cleanse deauthorize dissociate resize switchover stanza-delete --reset-offsets \
    --remove --delete-config --execute step-down rekey --del doveadm mailq telinit passwd usermod chage \
    gpasswd eval scp chmod chown chgrp setfacl rename mariadb-admin mysqladmin --extended-insert crictl \
    truecrypt veracrypt sg_format flashcp nandwrite gluster rbd rados ceph vzdump zpool zfs dmsetup btrfs \
    bcachefs --source --staged --worktree virsh kafka-delete-records kafka-storage zkcli namenode -delete \
    -rmr -expunge hbase timeshift snapper duplicity tarsnap rdiff-backup bup wipe_data unlist icacls setcap \
    umask visudo xhost exportfs authorize-security-group-ingress put-bucket-acl put-object-acl \
    attach-user-policy attach-role-policy put-user-policy put-role-policy create-access-key add-permission \
    add-user-to-group update-assume-role-policy --publicly-accessible modify-image-attribute \
    modify-snapshot-attribute add-iam-policy-binding --allow-unauthenticated firewall-rules \
    --authorized-networks set-permission --public-access clusterrolebinding rolebinding --privileged \
    set-policy open-port role-assignment Set-ExecutionPolicy set_permissions --trusted-host --insecure \
    StrictHostKeyChecking --no-check-certificate http.sslVerify strict-ssl --acl-public firewall-cmd csrutil \
    spctl ssh-copy-id localgroup docker --skip-grant-tables createuser ngrok add-scc-to-user \
    add-cluster-role-to-user --visibility Add-LocalGroupMember New-NetFirewallRule Add-MailboxPermission \
    Set-MpPreference --allow-blob-public-access downgrade unregistervm release-address modify-db-instance \
    kubectl update wipeenv rmvirtualenv -uninstall vacuum --vacuum-time --vacuum-size kdestroy faillock \
    runas pct qm scontrol mokutil kcadm dnf5 dpkg opkg pacman rpm wsl --unregister --unmerge --depclean";

/// What is told by more than a word, or by a part of one.
const PARTS: &[&str] = &[
    "rm -",
    "rm /",
    "rm ~",
    "rm $",
    "rm *",
    "rm \"",
    "rm '",
    "rm .",
    "rm  ",
    "\nrm ",
    "'rm'",
    "\"rm\"",
    "state mv",
    "state push",
    "tag -d",
    "tag --d",
    "tag -f",
    "format c:",
    "format d:",
    "format e:",
    "format f:",
    "history -",
    "history |",
    "history|",
    "history  ",
    "git  push",
    "git  restore",
    "git  clean",
    "git switch",
    "git stash",
    "git checkout",
    "fly scale",
    "flyctl scale",
    ":undo",
    "cache clean",
    "go clean",
    "splunk clean",
    "stash clear",
    ":clear",
    "operator seal",
    "snapshot restore",
    "pg:",
    "db:",
    "nginx -s",
    "role assignment",
    "nsg rule",
    "curl -k",
    " -k ",
    "access:add",
    "--access",
    "anonymous set",
    "compose down",
    "compose rm",
    "compose kill",
    "railway down",
    "wg-quick",
    "consul ",
    ":rollback",
    "-mrm",
    "/proc/sys",
    "alter table",
    " rb ",
    " del ",
    "del /",
    "del c:",
    "erase ",
    "rd /s",
    "deleteunit",
    "xargs",
    "-exec",
    "mkfs.",
    "dd if=",
    "dd of=",
    " of=/dev/",
    "> /dev/",
    ">/dev/sd",
    "> /etc/",
    "> /var/",
    "> /boot",
    "> /usr/",
    "> /root",
    "\n> ",
    ": >",
    ":>",
    "/dev/null >",
    "/dev/null>",
    "-xdelete",
    "\"delete\"",
    "init 0",
    "init 6",
    "kill -",
    "kill $",
    "kill %",
    "link set",
    "ip link",
    "ip addr",
    "ip route",
    "addr flush",
    "route del",
    " -r ",
    "nft ",
    "| sh",
    "| bash",
    "|bash",
    "|sh",
    "| sudo",
    "| python",
    "| perl",
    "| ruby",
    "| node",
    "| zsh",
    "<(curl",
    "<(wget",
    "$(curl",
    "$(wget",
    "iex",
    "/dev/sd",
    "git push",
    "git clean",
    "git restore",
    "git gc",
    "git branch -",
    "checkout -",
    "mv ",
    "fs.rm",
    "delete_",
    "_delete",
    "drop_",
    "purge_",
    "delete-",
    "remove-",
    "cipher /w",
    "reg delete",
    "echo y",
    "sysrq",
    "nvme ",
    "state=absent",
    "emptyfolder",
    "gh api",
    "nomad ",
    "etcdctl",
    "snapshot-",
    "-u /",
    "remount",
    "dump -",
    "restore -",
    "pg_ctl",
    "runner ",
    "oc adm",
    "lftp",
    "hdfs",
    "git-annex",
];

/// Calls that delete all there is, in the shell of a database.
const CALLS: &[&str] = &[
    "dropDatabase(",
    "deleteMany({})",
    "deleteMany({ })",
    ".remove({})",
    ".drop()",
    "dropIndexes(",
    "dropAllUsersFromDatabase(",
    ".flushall(",
    ".flushdb(",
    "dropAllRolesFromDatabase(",
];

/// All words, once each.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Anchor)> {
    table().iter().copied()
}

pub(super) fn anchor(word: u16) -> Anchor {
    table().get(usize::from(word)).map_or(Anchor::Word, |it| it.1)
}

fn table() -> &'static [(&'static str, Anchor)] {
    static TABLE: OnceLock<Vec<(&'static str, Anchor)>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let words = WORDS.split_ascii_whitespace().map(|it| (it, Anchor::Word));
        let parts = PARTS.iter().map(|it| (*it, Anchor::Part));
        let calls = CALLS.iter().map(|it| (*it, Anchor::Call));
        let mut seen = std::collections::HashSet::new();
        let more =
            [(" rm", Anchor::Word), (":rm", Anchor::Word), (":|:", Anchor::Bomb), (": | :", Anchor::Bomb)];
        words
            .chain(parts)
            .chain(calls)
            .chain(more)
            .filter(|it| seen.insert(it.0.to_ascii_lowercase()))
            .collect()
    })
}

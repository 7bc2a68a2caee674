//! What runs on a machine: processes, units, users, networks, packages, settings.

use crate::commands::rule::{Act, Rule, on};

pub(super) const RULES: &[Rule] = &[
    on("reboot|poweroff|halt|shutdown", Act::Stops).but("-c --help -k --show"),
    on("init|telinit 0|1|6|s", Act::Stops),
    on("stop-computer|restart-computer|stop-service|stop-process|suspend-service|remove-service|disable-scheduledtask|unregister-scheduledtask|restart-service", Act::Stops).but("-WhatIf"),
    on("systemctl|loginctl|machinectl stop|disable|mask|kill|isolate|poweroff|reboot|halt|suspend|hibernate|kexec|emergency|rescue|default|revert|set-default|soft-reboot|terminate-*|kill-*|reset-failed|daemon-reexec", Act::Stops)
        .but("--dry-run"),
    on("service|rc-service|invoke-rc.d * stop|force-stop|zap|kill", Act::Stops),
    on("rc-update|chkconfig|update-rc.d|sysv-rc-conf|insserv del|delete|remove|disable|*", Act::Stops).with("del delete remove disable off --del"),
    on("launchctl unload|remove|bootout|disable|kill|stop|reboot", Act::Stops),
    on("sc|sc.exe delete|stop|config", Act::Stops).with("delete stop disabled"),
    on("net stop|user|localgroup|share|use|session|accounts", Act::Stops).with("stop /delete /d /active:no"),
    on("taskkill|tskill|pskill|pkill|killall|killall5|xkill", Act::Stops).with("*").but("-l -0 -V"),
    on("kill", Act::Stops).with("-9 -KILL -SIGKILL -s -1 $* *$(* *`* -TERM -15 -HUP -INT -STOP"),
    on("fuser", Act::Stops).with("-k --kill"),
    on("logoff|tsdiscon|rwinsta", Act::Stops).with("*"),
    on("pm2|forever|supervisorctl|monit|circusctl|s6-svc|sv|runsvctrl delete|stop|kill|stopall|shutdown|remove|down|force-stop|exit|quit|flush|-d|-k", Act::Stops),
    on("nginx|openresty|caddy|haproxy|httpd|apachectl|apache2ctl|lighttpd|traefik", Act::Stops).with("stop quit graceful-stop -sf -st"),
    on("pueue kill|reset|clean|remove|shutdown", Act::Stops),
    on("tmux|screen kill-server|kill-session|kill-window|kill-pane", Act::Stops),
    on("screen", Act::Stops).with("quit -wipe"),
    on("schtasks", Act::Stops).with("/delete /end /disable"),
    on("at|atrm|batch", Act::Stops).with("-d -r /delete").mild(),
    on("atrm|lprm|ipcrm", Act::Stops).with("*"),
    on("crontab", Act::Files).with("-r"),
    on("sysctl", Act::Stops).with("-w kernel.panic* *vm.* --write kernel.*").mild(),
    on("rmmod|modprobe|kextunload|kmutil", Act::Stops).with("-r -f --remove unload").but("-n --dry-run -c"),
    on("rmmod", Act::Stops).with("*"),
    on("dkms remove|uninstall", Act::Package),
    on("rfkill block", Act::Network),
    on("ssh-keygen", Act::Account).with("-R"),
    on("ssh-add", Act::Account).with("-d -D"),
    on("gpg|gpg2", Act::Account).with("--delete-key --delete-keys --delete-secret-key --delete-secret-keys --delete-secret-and-public-key --gen-revoke --generate-revocation"),
    on("certbot delete|revoke|unregister|rollback", Act::Account),
    on("acme.sh|lego|step", Act::Account).with("--remove --revoke --deactivate revoke --uninstall"),
    on("certutil|keytool|security|cmdkey|pass|gopass|secret-tool", Act::Account).with("-delete -D -delstore /delete delete-* -delete* rm remove clear -F"),
    on("openssl ca", Act::Account).with("-revoke"),
    on("apt-key|mokutil del|delete|rm|adv", Act::Account).with("del --delete --reset --disable-validation"),
    on("mokutil", Act::Account).with("--delete --reset --disable-validation"),
    on("userdel|deluser|groupdel|delgroup|luserdel|lgroupdel|rmuser|pwunconv|grpunconv", Act::Account),
    on("usermod|passwd|chage|pw", Act::Account).with("-L --lock -l -d --delete --expiredate -e -E userdel groupdel lock").mild(),
    on("gpasswd", Act::Account).with("-d -r --delete --remove-password"),
    on("smbpasswd|pdbedit", Act::Account).with("-x -d --delete"),
    on("remove-localuser|remove-localgroup|disable-localuser|remove-aduser|remove-adgroup|remove-adcomputer|remove-adobject|disable-adaccount|remove-mailbox|disable-mailbox|remove-msoluser|remove-mguser|remove-mggroup|remove-azureaduser|remove-localgroupmember", Act::Account).but("-WhatIf"),
    on("dsrm|ldapdelete|ldapmodify|ldapmodrdn|dsdel", Act::Account).with("-subtree * -r").but("-n"),
    on("dscl", Act::Account).with("-delete delete"),
    on("sysadminctl", Act::Account).with("-deleteUser -resetPasswordFor"),
    on("ipa|samba-tool|kadmin|kadmin.local|kdb5_util|realm user|group|host|domain|delprinc|delete_principal|destroy|leave|dns|computer|gpo|user-del|group-del|host-del|*-del|delpol|*-disable", Act::Account)
        .with("delete delprinc* delete_principal* destroy leave *-del demote del disable *-disable removemembers *delprinc*"),
    on("kdestroy", Act::Account).mild(),
    on("faillock|pam_tally2", Act::Account).with("--reset").mild(),
    on("lpadmin|cupsdisable|cupsreject", Act::Stops).with("-x *"),
    on("exportfs", Act::Stops).with("-u -ua -au"),
    // Mail.
    on("doveadm expunge|purge|mailbox|backup|sync|acl|force-resync|kick|index|dedup|deduplicate|user", Act::Data)
        .with("expunge delete purge -R kick deduplicate -1 remove backup").but("status list"),
    on("postsuper", Act::Data).with("-d -r -h -p"),
    on("postqueue|mailq|sendmail", Act::Data).with("-d"),
    on("exim|exim4", Act::Data).with("-Mrm -Mg -Mf"),
    on("mailq|mailman|list_members|rmlist|remove_members|imapsync|offlineimap|mbsync|isync", Act::Data)
        .with("--delete1 --delete2 --expunge1 --expunge --delete -a --all remove delete --delete2foldersonly --remove").but("--dry --dry-run"),
    on("rmlist|remove_members", Act::Data).with("*"),
    on("zmprov|zmmailbox|plesk|whmapi1|cpanel|uapi|postfix", Act::Account).with("da deleteAccount ddl emptyFolder deleteFolder removeacct --remove -r deleteDistributionList terminate abort stop delete* remove*"),
    on("himalaya|notmuch|mutt|neomutt|nmh|rmm", Act::Data).with("delete expunge purge -e folder").mild(),
    on("remove-mailboxdatabase|search-mailbox|new-compliancesearchaction|remove-mailboxfolderpermission|remove-transportrule|remove-inboxrule|remove-distributiongroup|remove-unifiedgroup|remove-team|remove-sposite|remove-pnptenantsite", Act::Data).but("-WhatIf"),
    on("prosodyctl|ejabberdctl|asterisk|rasterisk deluser|unregister|delete_*|destroy_room|kick_*|stop|-x|-rx|uninstall", Act::Account)
        .with("deluser unregister delete_* destroy_* kick_* stop *hangup* *destroy* *stop* *unload*"),
    // Networks.
    on("iptables|ip6tables|iptables-nft|ip6tables-nft|ebtables|arptables", Act::Network).with("-F --flush -X --delete-chain -D --delete -Z --zero -P --policy"),
    on("iptables-restore|ip6tables-restore", Act::Network),
    on("nft flush|delete|destroy|reset ruleset|table|chain|rule|set|map|element|*", Act::Network).but("-c --check"),
    on("nft", Act::Network).with("-f --file").mild(),
    on("ufw disable|reset|delete|deny|reject|route", Act::Network).with("disable reset delete").but("--dry-run"),
    on("firewall-cmd", Act::Network).with("--remove-* --panic-on --complete-reload --delete-* --reset-to-defaults --remove-service --remove-port --remove-rich-rule --remove-source --delete-zone"),
    on("pfctl", Act::Network).with("-F -d"),
    on("ipfw flush|delete|-f|-q|disable|zero", Act::Network),
    on("ipset destroy|flush|del|x|f|-X|-F", Act::Network),
    on("csf|shorewall|fail2ban-client|fwconsole|awall", Act::Network).with("-x -f --disable stop clear unban disable --stop --unban delete flush"),
    on("netsh advfirewall|interface|firewall|wlan|winsock|int|http|ipsec|delete|helper", Act::Network)
        .with("off delete reset disable disabled admin=disabled").but("show"),
    on("set-netfirewallprofile|remove-netfirewallrule|disable-netfirewallrule|disable-netadapter|remove-netipaddress|remove-netroute|clear-dnsserverresourcerecord|remove-vpnconnection|remove-dnsserverzone|remove-dhcpserverv4scope", Act::Network).but("-WhatIf True").mild(),
    on("ifconfig", Act::Network).with("down delete destroy -alias"),
    on("ifdown|ifdown-ng", Act::Network).with("*"),
    on("ip link set", Act::Network).with("down nomaster"),
    on("ip link|l|addr|address|a|route|r|rule|neigh|neighbor|neighbour|netns|tunnel|tuntap|xfrm|maddr|mroute|vrf|nexthop del|delete|d|flush|state|policy", Act::Network)
        .with("del delete d flush deleteall"),
    on("route|arp|brctl|ovs-vsctl|ovs-ofctl|ovs-dpctl|vconfig|iw|iwconfig|wpa_cli|tunctl", Act::Network)
        .with("del delete -d flush delbr delif del-br del-port del-flows rem -f emer-reset del-dp remove_network terminate -delete")
        .but("show print"),
    on("nmcli", Act::Network).with("delete off down disconnect del d disable").with("delete off down disconnect del").but("show"),
    on("networksetup", Act::Network).with("-remove* -set*off -removeallpreferredwirelessnetworks -setairportpower -deletelocation -setnetworkserviceenabled"),
    on("ethtool", Act::Network).with("-E -f --flash --change-eeprom --reset"),
    on("tc qdisc|filter|class del|delete|replace", Act::Network),
    on("wg|wg-quick|tailscale|zerotier-cli|openvpn|ipsec|strongswan|swanctl|nordvpn|warp-cli|netbird|headscale|cloudflared", Act::Network)
        .with("down remove leave logout stop delete off disconnect --terminate expire cleanup uninstall").but("status"),
    on("rndc|pdnsutil|nsupdate|unbound-control|dnscmd|samba_dnsupdate|knotc", Act::Network)
        .with("stop halt flush delzone freeze delete-* delete-zone delete-rrset *delete* /zonedelete /recorddelete zone-purge zone-unset stop clear-zone flush* remove"),
    on("conmgr|conntrack", Act::Network).with("-F -D --flush --delete"),
    on("setenforce|aa-disable|aa-teardown|aa-complain", Act::Network).with("0 permissive /*"),
    on("auditctl", Act::Files).with("-D -e"),
    // Packages.
    on("apt|apt-get|aptitude|apt-fast|nala purge|remove|autoremove|autopurge|dist-upgrade|full-upgrade|full-upgrade", Act::Package)
        .with("purge remove autoremove autopurge").but("-s --simulate --dry-run --just-print --no-act -d"),
    on("dpkg", Act::Package).with("-r -P --remove --purge --force-all --force-*").but("--dry-run --simulate --no-act"),
    on("yum|dnf|dnf5|microdnf|tdnf|zypper|urpme|apt-rpm|rpm-ostree remove|erase|autoremove|rm|history|downgrade|swap|groupremove|uninstall|reset|rollback|cleanup|module", Act::Package)
        .with("remove erase autoremove rm undo rollback groupremove swap uninstall reset cleanup").but("--assumeno --preview"),
    on("rpm", Act::Package).with("-e --erase --nodeps --rebuilddb --initdb -ev").but("--test"),
    on("pacman|yay|paru|pacaur|pamac|trizen", Act::Package).with("-R* -Rns -Rs -Rdd -Rsc -Scc remove clean --remove").but("-p --print"),
    on("apk|opkg|xbps-remove|slackpkg|removepkg|installpkg|eopkg|swupd|emerge|pkgin|pkg|pkg_delete|fink|equo|guix|tlmgr|urpme|spack|sbopkg", Act::Package)
        .with("del remove purge delete uninstall autoremove -C --unmerge --depclean -c bundle-remove deinstall -R rm clean --autoremove").but("-p --pretend -n --dry-run list info search"),
    on("removepkg|pkg_delete|xbps-remove|urpme", Act::Package).with("*"),
    on("snap|flatpak|brew|choco|scoop|winget|nix-env|snapcraft|appimaged|mas|sdk|asdf|mise|rtx|rvm|pyenv|nvm|fnm|rbenv|nodenv|volta|rustup|pipx|conda|mamba|micromamba|gem|cpanm|luarocks|opam|cabal|ghcup|composer|pecl|pear|codium|dotnet|krew|vcpkg|conan|cargo|raco|nimble|mix|rebar3|quickget|antigen|vim-plug", Act::Package)
        .with("remove uninstall rm purge autoremove zap cleanup -e --uninstall --delete --uninstall-extension implode unload reset uninstall-package")
        .but("--dry-run -n --help list").mild(),
    on("brew", Act::Package).with("uninstall remove rm cleanup autoremove untap --zap unlink").but("-n --dry-run"),
    on("pip|pip3|pip2|python|python3|uv|pipenv|poetry|easy_install uninstall|-m|pip|remove|cache|env", Act::Package)
        .with("uninstall remove purge").but("list show"),
    on("npm|pnpm|yarn|bun|deno|bower|jspm uninstall|remove|rm|un|r|prune|cache|store", Act::Package).with("-g --global --force").mild(),
    on("virtualenvwrapper|rmvirtualenv|wipeenv", Act::Files),
    on("conda|mamba env|remove", Act::Files).with("--all remove -n").but("--dry-run"),
    on("get-appxpackage|remove-appxpackage|uninstall-package|uninstall-module|remove-windowsfeature|uninstall-windowsfeature|disable-windowsoptionalfeature|remove-module", Act::Package).with("-* *").but("-WhatIf").mild(),
    on("msiexec", Act::Package).with("/x /uninstall"),
    on("wmic product|process|service|useraccount|os|call", Act::Package).with("*uninstall* delete terminate *stopservice* *reboot* *shutdown*"),
    on("dism|dism.exe", Act::Package).with("/remove-* /disable-feature /cleanup-image /resetbase").mild(),
    // Settings.
    on("reg|reg.exe delete", Act::Data),
    on("reg|reg.exe|regedit unload|restore|import|/s|/d", Act::Overwrites).with("unload restore /s /d"),
    on("remove-itemproperty|clear-itemproperty|remove-psdrive", Act::Overwrites),
    on("wine|wine64 reg", Act::Overwrites).with("delete"),
    on("defaults delete|remove|delete-all", Act::Overwrites),
    on("gsettings|dconf reset|reset-recursively", Act::Overwrites).mild(),
    on("settings delete", Act::Overwrites).mild(),
    on("semanage port|fcontext|user|login|boolean|interface|node|module|permissive", Act::Overwrites).with("-d --delete -D --deleteall"),
    on("update-alternatives|localectl|timedatectl|hwclock", Act::Overwrites).with("--remove --remove-all").mild(),
    on("system-image-cli|factory-reset|systemreset|restore-computer", Act::Disk).with("* --factory-reset").mild(),
    on("etckeeper uninit", Act::History),
    on("wp|drush|drupal|magento|bin/magento|n98-magerun|occ|artisan|joomla|directus|strapi", Act::Data)
        .with("delete drop reset empty db:wipe migrate:fresh migrate:reset migrate:refresh sql-drop sql:drop site:install setup:uninstall clean *:delete *:remove *:drop *:wipe *:fresh destroy db:drop uninstall module:uninstall pm:uninstall search-replace entity:delete user:cancel *:purge *:reset")
        .but("list status --dry-run --pretend"),
];

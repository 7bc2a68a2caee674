//! Words that open something wherever they stand in a setting or a command.

use crate::Severity::{self, Blocking, Warning};

/// A word, and what it is: what kind of opening, how much it matters.
pub(super) const MARKS: &[(&str, Mark, Severity)] = &[
    ("allUsers", Mark::Value, Blocking),
    ("allAuthenticatedUsers", Mark::Value, Blocking),
    ("public-read", Mark::Value, Blocking),
    ("AllUsers", Mark::Value, Blocking),
    ("groups/global/AuthenticatedUsers", Mark::Value, Blocking),
    ("system:anonymous", Mark::Value, Blocking),
    ("system:unauthenticated", Mark::Value, Blocking),
    ("system:masters", Mark::Value, Blocking),
    ("cluster-admin", Mark::Value, Blocking),
    ("AlwaysAllow", Mark::Value, Blocking),
    ("AdministratorAccess", Mark::Value, Blocking),
    ("docker.sock", Mark::Value, Blocking),
    ("containerd.sock", Mark::Value, Blocking),
    ("crio.sock", Mark::Value, Blocking),
    ("SYS_ADMIN", Mark::Capability, Blocking),
    ("SYS_PTRACE", Mark::Capability, Warning),
    ("SYS_MODULE", Mark::Capability, Blocking),
    ("NET_ADMIN", Mark::Capability, Warning),
    ("DAC_READ_SEARCH", Mark::Capability, Warning),
    ("NET_RAW", Mark::Capability, Warning),
    ("NOPASSWD", Mark::Sudo, Blocking),
    ("roles/owner", Mark::Value, Blocking),
    ("roles/editor", Mark::Value, Warning),
    ("roles/viewer", Mark::Organization, Warning),
    ("roles/iam.serviceAccountTokenCreator", Mark::Value, Warning),
    ("roles/iam.serviceAccountUser", Mark::Value, Warning),
    ("roles/iam.securityAdmin", Mark::Value, Warning),
    ("roles/resourcemanager.organizationAdmin", Mark::Value, Blocking),
    ("compute@developer.gserviceaccount.com", Mark::Value, Warning),
    ("@appspot.gserviceaccount.com", Mark::Value, Warning),
    ("auth/cloud-platform", Mark::Scope, Warning),
    ("\"cloud-platform\"", Mark::Scope, Warning),
    ("iam:PassRole", Mark::Right, Warning),
    ("iam:Create", Mark::Right, Warning),
    ("iam:Attach", Mark::Right, Warning),
    ("iam:Put", Mark::Right, Warning),
    ("iam:Update", Mark::Right, Warning),
    ("iam:AddUserToGroup", Mark::Right, Warning),
    ("iam:SetDefaultPolicyVersion", Mark::Right, Warning),
    ("sts:AssumeRole*", Mark::Right, Warning),
    ("iam:*", Mark::Right, Blocking),
    ("s3:*", Mark::Right, Warning),
    ("sqs:*", Mark::Right, Warning),
    ("kms:*", Mark::Right, Warning),
    ("sts:*", Mark::Right, Warning),
    ("ec2:*", Mark::Right, Warning),
    ("lambda:*", Mark::Right, Warning),
    ("secretsmanager:*", Mark::Right, Warning),
    ("dynamodb:*", Mark::Right, Warning),
    ("0.0.0.0/0", Mark::Network, Blocking),
    ("::/0", Mark::Network, Blocking),
    ("\"0.0.0.0\"", Mark::Network, Blocking),
    ("PermitRootLogin", Mark::Option, Blocking),
    ("PermitEmptyPasswords", Mark::Option, Blocking),
    ("PasswordAuthentication", Mark::Option, Warning),
    ("GatewayPorts", Mark::Option, Warning),
    ("KbdInteractiveAuthentication", Mark::Option, Warning),
    ("grant", Mark::Statement, Blocking),
    ("superuser", Mark::Statement, Blocking),
    ("sysadmin", Mark::Statement, Blocking),
    ("bypassrls", Mark::Statement, Blocking),
    ("createrole", Mark::Statement, Blocking),
    ("row level security", Mark::Statement, Blocking),
    ("resource \"", Mark::Resource, Warning),
    ("Require all granted", Mark::Value, Warning),
    ("Allow from all", Mark::Value, Warning),
    ("allow all;", Mark::Value, Warning),
    ("satisfy any", Mark::Value, Warning),
    ("requirepass \"\"", Mark::Value, Blocking),
    ("protected-mode no", Mark::Value, Blocking),
    ("0.0.0.0/0 trust", Mark::Value, Blocking),
    ("all all trust", Mark::Value, Blocking),
    ("anonymous_enable=YES", Mark::Value, Blocking),
    ("no_root_squash", Mark::Value, Warning),
    ("*(rw", Mark::Value, Blocking),
    ("guest ok = yes", Mark::Value, Warning),
    ("SELINUX=permissive", Mark::Value, Warning),
    ("SELINUX=disabled", Mark::Value, Warning),
    ("Everyone:F", Mark::Value, Blocking),
    ("Everyone:(F)", Mark::Value, Blocking),
    ("Everyone:(OI)(CI)F", Mark::Value, Blocking),
    ("permissions: write-all", Mark::Value, Blocking),
    ("cross db ownership chaining", Mark::Flag, Warning),
    ("contained database authentication", Mark::Flag, Warning),
    ("skip_grant_tables", Mark::Value, Blocking),
    ("skip-grant-tables", Mark::Value, Blocking),
    ("administrator_login_password", Mark::Secret, Warning),
    ("admin_pass", Mark::Secret, Warning),
    ("anonymous-auth=true", Mark::Value, Blocking),
    ("insecure-bind-address", Mark::Value, Warning),
    ("USER root", Mark::Docker, Warning),
];

/// How a word has to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mark {
    /// By itself.
    Value,
    /// Where capabilities are added, not dropped.
    Capability,
    /// A network; which way it lets through is looked up.
    Network,
    /// A right in a policy that allows, on everything.
    Right,
    /// A role on an organization or folder.
    Organization,
    /// After it stands `yes`.
    Option,
    /// A statement of SQL.
    Statement,
    /// A resource of Terraform begins.
    Resource,
    /// A rule of `sudo`.
    Sudo,
    /// The name of a flag that is switched on after it.
    Flag,
    /// A password that is written out.
    Secret,
    /// A scope that is all of them, where no account of its own is named.
    Scope,
    /// A line of a Dockerfile.
    Docker,
}

/// Parts of names of settings, at which a line is read.
pub(super) const NAMES: &[&str] = &[
    "public", "privilege", "anonymous", "unauthenticated", "insecure", "admin_enabled", "adminuserenabled", "hostnetwork", "host_network",
    "hostpid", "host_pid", "hostipc", "host_ipc", "external_ip", "externalip", "ipv4_enabled", "internal_ip", "\"*\"", "'*'", ": *", "nat ", "nat:",
    "network_mode", "runasuser", "runasnonroot", "run_as_", "automount", "unconfined", "local_auth", "shared_access_key", "serial", "oslogin",
    "os_login", "os-login", "mfa", "visibility", "_origin", "origins", "alloworigin", "allow-origin", "allowed_hosts", "allowedhosts",
    "whitelist", "allowlist", "allow_all", "allow-all", "allowall", "ingress_settings", "ingresssettings", "ingress:", "ingress =", "authorization",
    "auth_type", "authtype", "auth_mode", "default_action", "defaultaction", "endpoint_type", "source_address", "sourceaddress", "remote_ip",
    "remoteip", "legacy_abac", "legacyabac", "clusterrole", "serviceaccount", "service_account", "skipverify", "skip_verify", "verify", "strict-ssl", "strict_ssl",
    "strictssl", "rejectunauthorized", "reject_unauthorized", "cloud-platform", "apigroups", "verbs", "no_external", "enforce_admins", "rbac",
    "require_auth", "disable_auth", "auth_enabled", "authenabled", "enable_auth", "disableauth", "security.enabled", "protected-mode", "validate_certs",
    "direct_internet", "internet", "can_ip_forward", "canipforward", "private_cluster", "enable_private", "private\"", "private ", "private:", "run_as", "superuser",
    "role:", "role =", "role\"", "access_level", "is_admin", "isadmin", "admin:", "admin =", "guest", "signup", "no_auth", "noauth", "members", "principal",
    "pidmode", "pid_mode", "pid:", "ipc:", "network:", "userns", "scopes", "networkpolicy", "access_policy", "account_ids", "accountids", "access_type", "accesstype", "acl ", "acl:", "acl\"", "access:", "access =", "access_config", "accesscontrol", "enablepublic", "remote_debug", "procmount", "selinux",
];

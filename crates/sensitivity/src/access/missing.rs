//! Resources that are open unless a setting says otherwise.
//!
//! Defaults as the documentation of the Terraform providers has them (registry.terraform.io,
//! hashicorp/azurerm, hashicorp/google, hashicorp/aws, integrations/github; read in November 2026).

use std::ops::Range;

use super::{DEFAULT, Look};
use crate::Severity;
use crate::found::Found;
use crate::text::Text;

/// Bytes of a resource that are read.
const LONGEST: usize = 6 * 1024;

/// Types of resources, and the settings of which one has to be there.
const OPEN: &[(&str, &str)] = &[
    (
        "azurerm_container_registry azurerm_cosmosdb_account azurerm_storage_account azurerm_key_vault azurerm_redis_cache \
         azurerm_servicebus_namespace azurerm_eventhub_namespace azurerm_mssql_server azurerm_mysql_server \
         azurerm_postgresql_server azurerm_mariadb_server azurerm_api_management azurerm_databricks_workspace \
         azurerm_search_service azurerm_synapse_workspace azurerm_app_configuration azurerm_linux_web_app \
         azurerm_windows_web_app azurerm_linux_web_app_slot azurerm_windows_web_app_slot azurerm_linux_function_app \
         azurerm_windows_function_app azurerm_linux_function_app_slot azurerm_windows_function_app_slot \
         azurerm_managed_disk azurerm_iothub azurerm_eventgrid_domain azurerm_eventgrid_topic azurerm_cognitive_account \
         azurerm_batch_account azurerm_automation_account azurerm_purview_account azurerm_web_pubsub \
         azurerm_machine_learning_workspace azurerm_recovery_services_vault azurerm_dashboard_grafana azurerm_iothub_dps \
         azurerm_digital_twins_instance azurerm_logic_app_standard azurerm_notification_hub_namespace",
        "public_network_access_enabled public_network_access network_acls network_rules",
    ),
    ("azurerm_data_factory", "public_network_enabled"),
    ("azurerm_storage_account", "allow_nested_items_to_be_public public_network_access_enabled"),
    ("aws_eks_cluster", "endpoint_public_access public_access_cidrs"),
    ("aws_transfer_server", "endpoint_type"),
    ("aws_redshift_cluster", "publicly_accessible"),
    ("aws_sagemaker_notebook_instance", "direct_internet_access"),
    ("google_storage_bucket", "public_access_prevention"),
    ("google_cloudbuild_worker_pool", "no_external_ip"),
    ("google_cloudfunctions_function google_cloudfunctions2_function", "ingress_settings"),
    ("google_dataproc_cluster", "internal_ip_only"),
    ("google_dataflow_job", "WORKER_IP_PRIVATE"),
    ("google_notebooks_instance", "no_public_ip"),
    ("google_vertex_ai_index_endpoint", "network private_service_connect_config"),
    ("github_repository", "visibility private"),
    ("linode_instance", "private_ip firewall_id"),
    ("oci_datacatalog_catalog", "attached_catalog_private_endpoints"),
];

impl Look {
    /// A resource of Terraform that is open unless it says otherwise.
    pub(super) fn resource(&mut self, text: &Text<'_>, at: &Range<usize>, found: &mut Found) {
        let head = text.after(at.end, 120);
        let Some(length) = head.iter().position(|it| *it == b'"') else { return };
        let Ok(kind) = std::str::from_utf8(&head[..length]) else { return };
        let budget = self.budget(text);
        if !is_known(kind) || *budget < LONGEST {
            return;
        }
        let body = text.after(at.end, LONGEST);
        let end = end_of_block(body);
        *budget -= end.unwrap_or(body.len());
        let Some(end) = end else { return };
        if is_open(kind, &String::from_utf8_lossy(&body[..end])) {
            let range = at.start..at.end + length + 1;
            found.report(&DEFAULT, Severity::Warning, range, format_args!("Public unless it says otherwise"));
        }
    }
}

/// Where the brace stands that closes the first one.
fn end_of_block(body: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    body.iter().position(|byte| {
        match byte {
            b'{' => depth += 1,
            b'}' if depth <= 1 => return true,
            b'}' => depth -= 1,
            _ => {}
        }
        false
    })
}

/// Whether there is a default of `kind` to know.
fn is_known(kind: &str) -> bool {
    OPEN.iter().any(|it| it.0.split_ascii_whitespace().any(|it| it == kind))
}

/// Whether a resource of `kind` with the settings in `body` is open to all.
fn is_open(kind: &str, body: &str) -> bool {
    let rows = || OPEN.iter().filter(|it| it.0.split_ascii_whitespace().any(|it| it == kind));
    let set = |names: &str| names.split(' ').any(|name| has(body, name));
    rows().next().is_some() && rows().all(|it| !set(it.1))
}

/// Whether `name` is in `body`, but not only in a comment.
fn has(body: &str, name: &str) -> bool {
    body.lines().any(|line| line.split('#').next().is_some_and(|it| it.contains(name)))
}

/** The names that callers and older clients know: facts, kept apart from what is generated. */

/** Each is the name of a tool, exactly. */
export const REQUIRED_NAMES: readonly string[] = (
  "list_all_users get_user update_user delete_user invite_user list_user_invites get_user_invite " +
  "delete_user_invite resend_user_invite get_user_stats list_workspaces get_workspace create_workspace " +
  "update_workspace delete_workspace add_workspace_member list_workspace_members get_workspace_member " +
  "update_workspace_member remove_workspace_member list_configs get_config create_config update_config " +
  "delete_config list_config_versions list_api_keys create_api_key get_api_key update_api_key delete_api_key " +
  "list_virtual_keys create_virtual_key get_virtual_key update_virtual_key delete_virtual_key list_collections " +
  "create_collection get_collection update_collection delete_collection list_prompts create_prompt get_prompt " +
  "update_prompt delete_prompt publish_prompt list_prompt_versions render_prompt run_prompt_completion " +
  "migrate_prompt promote_prompt validate_completion_metadata create_prompt_partial list_prompt_partials " +
  "get_prompt_partial update_prompt_partial delete_prompt_partial list_partial_versions publish_partial " +
  "create_prompt_label list_prompt_labels get_prompt_label update_prompt_label delete_prompt_label list_guardrails " +
  "create_guardrail get_guardrail update_guardrail delete_guardrail list_usage_limits create_usage_limit " +
  "get_usage_limit update_usage_limit delete_usage_limit list_rate_limits create_rate_limit get_rate_limit " +
  "update_rate_limit delete_rate_limit list_audit_logs get_cost_analytics get_request_analytics " +
  "get_token_analytics get_latency_analytics get_error_analytics get_error_rate_analytics get_users_analytics " +
  "get_cache_hit_latency get_cache_hit_rate insert_log create_log_export list_log_exports get_log_export " +
  "update_log_export start_log_export cancel_log_export download_log_export create_feedback update_feedback " +
  "get_trace list_providers create_provider get_provider update_provider delete_provider list_integrations " +
  "create_integration get_integration update_integration delete_integration list_integration_models " +
  "update_integration_models delete_integration_model list_integration_workspaces update_integration_workspaces"
).split(" ");

/** Each finds a tool: as its name, or as an alias of a better one. */
export const OWN_NAMES: readonly string[] = (
  "list_scim_workspace_mappings create_scim_workspace_mapping delete_scim_workspace_mapping list_scim_groups " +
  "list_deployments register_deployment get_deployment update_deployment archive_deployment rotate_api_key " +
  "get_prompt_version update_prompt_version get_cache_summary get_error_stacks_analytics " +
  "get_error_status_codes_analytics get_user_requests_analytics get_rescued_requests_analytics " +
  "get_feedback_analytics get_feedback_models_analytics get_feedback_scores_analytics " +
  "get_feedback_weighted_analytics get_analytics_group_users get_analytics_group_models " +
  "get_analytics_group_providers get_analytics_group_metadata get_organisation_defaults " +
  "update_organisation_defaults list_input_guardrail_workspace_exclusions " +
  "update_input_guardrail_workspace_exclusions list_output_guardrail_workspace_exclusions " +
  "update_output_guardrail_workspace_exclusions list_guardrail_mcp_servers replace_guardrail_mcp_servers " +
  "upsert_guardrail_mcp_server list_usage_limit_entities reset_usage_limit_entity get_log " +
  "get_log_export_field_restrictions create_secret_reference list_secret_references get_secret_reference " +
  "update_secret_reference delete_secret_reference get_model_pricing list_mcp_integrations create_mcp_integration " +
  "get_mcp_integration update_mcp_integration delete_mcp_integration get_mcp_integration_metadata " +
  "list_mcp_integration_capabilities update_mcp_integration_capabilities list_mcp_integration_workspaces " +
  "update_mcp_integration_workspaces list_mcp_server_connections disconnect_mcp_server_connection list_mcp_servers " +
  "create_mcp_server get_mcp_server update_mcp_server delete_mcp_server test_mcp_server " +
  "list_mcp_server_capabilities update_mcp_server_capabilities list_mcp_server_user_access " +
  "update_mcp_server_user_access"
).split(" ");

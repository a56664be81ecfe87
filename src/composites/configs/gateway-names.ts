/** Names that the gateway knows and the config's schema does not list: providers, and their less common settings. */

/** Providers that a target may name by a plain id. */
export const PROVIDERS: readonly string[] = (
  "302ai ai21 aibadgr anthropic anyscale azure-ai azure-openai bedrock bytez cerebras cohere cometapi cortex " +
  "dashscope deepbricks deepinfra deepseek featherless-ai fireworks-ai github google groq huggingface hyperbolic " +
  "inference-net iointelligence jina kluster-ai krutrim lambda lemonfox-ai lepton lingyi matterai meshy milvus " +
  "mistral-ai modal monsterapi moonshot ncompass nebius nextbit nomic novita-ai nscale ollama openai openrouter " +
  "oracle ovhcloud palm perplexity-ai portkey predibase qdrant recraft-ai reka-ai replicate sagemaker sambanova " +
  "segmind siliconflow stability-ai together-ai tripo3d triton upstage vertex-ai voyage workers-ai x-ai z-ai zhipu"
).split(" ");

/** Self-hosted providers, which need no key. */
export const KEYLESS: ReadonlySet<string> = new Set(["ollama", "triton"]);

/** Members of a target that the gateway reads, beside those of the schema. */
export const RARE_SETTINGS: readonly string[] = (
  "index id ad_auth url_to_fetch workers_ai_account_id transform_to_form_data aws_auth_type aws_role_arn " +
  "aws_external_id aws_s3_bucket aws_s3_object_key aws_bedrock_model aws_service aws_server_side_encryption " +
  "aws_server_side_encryption_kms_key_id foundation_model amzn_sagemaker_custom_attributes " +
  "amzn_sagemaker_target_model amzn_sagemaker_target_variant amzn_sagemaker_target_container_hostname " +
  "amzn_sagemaker_inference_id amzn_sagemaker_enable_explanations amzn_sagemaker_inference_component " +
  "amzn_sagemaker_session_id amzn_sagemaker_model_name stability_client_id stability_client_user_id " +
  "stability_client_version huggingface_base_url vertex_storage_bucket_name vertex_model_name " +
  "vertex_batch_endpoint vertex_auth_type filename default_input_guardrails default_output_guardrails openai_beta " +
  "azure_foundry_url azure_extra_parameters azure_extra_params azure_managed_client_id azure_workload_client_id " +
  "mistral_fim_completion anthropic_version anthropic_api_key fireworks_account_id fireworks_file_length " +
  "snowflake_account model_pricing_config oracle_api_version oracle_region oracle_compartment_id " +
  "oracle_serving_mode oracle_tenancy oracle_user oracle_fingerprint oracle_private_key oracle_key_passphrase"
).split(" ");

/** The first part of a condition's key: what it can compare. */
export const COMPARED: readonly string[] = ["metadata", "params", "url", "headers"];

/** Operators of the router that take one value. */
export const OPERATORS: readonly string[] = ["$eq", "$ne", "$gt", "$gte", "$lt", "$lte", "$in", "$nin", "$regex"];

/** Operators that join conditions. */
export const JOINS: readonly string[] = ["$and", "$or"];

/** Names that people use by mistake, and the right member. */
export const SYNONYMS: Readonly<Record<string, string>> = {
  guardrails: "input_guardrails",
  hooks: "before_request_hooks",
  timeout: "request_timeout",
  model: "override_params.model",
  circuit_breaker: "cb_config",
  fallbacks: "targets",
  options: "targets",
  ttl: "max_age",
  count: "attempts",
  max_attempts: "attempts",
  max_retries: "attempts",
  when: "query",
  if: "query",
  target: "then",
};

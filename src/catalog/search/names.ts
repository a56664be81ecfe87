/** Names of vendors and models, as alternatives of a regular expression: a request may name one for the whole kind. */

const MODEL_VENDORS = [
  ...["openai", "anthropic", "google", "azure", "aws", "bedrock", "vertex", "mistral", "cohere", "groq"],
  ...["deepseek", "together", "fireworks", "perplexity", "xai", "ollama", "huggingface", "databricks"],
  ...["sagemaker", "openrouter", "nvidia", "cerebras", "replicate", "meta", "microsoft"],
];
const TOOL_VENDORS = [
  ...["jira", "github", "gitlab", "slack", "linear", "notion", "confluence", "salesforce", "stripe", "sentry"],
  ...["figma", "zendesk", "asana", "hubspot", "intercom", "pagerduty", "datadog", "servicenow", "trello"],
  ...["airtable", "shopify", "snowflake", "dropbox", "sharepoint", "outlook", "gmail", "monday", "clickup"],
];
const MODELS = [
  ...["gpt\\w*", "claude", "opus", "sonnet", "haiku", "gemini", "llama\\w*", "o[134]", "grok", "qwen\\w*", "mixtral"],
  ...["gemma", "whisper", "dall"],
];

/** Vendors that serve models. */
export const MODEL_VENDOR = MODEL_VENDORS.join("|");
/** Vendors whose services agents use as tools. */
export const TOOL_VENDOR = TOOL_VENDORS.join("|");
/** Models and families of models. */
export const MODEL = MODELS.join("|");

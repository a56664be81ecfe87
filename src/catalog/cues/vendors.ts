/** Companies whose names people say instead of a thing's kind. As alternatives of a pattern. */

const MODEL_VENDORS = [
  ...["openai", "anthropic", "google", "gemini", "azure", "aws", "bedrock", "vertex", "mistral", "cohere", "groq"],
  ...["deepseek", "together", "fireworks", "perplexity", "xai", "ollama", "hugging ?face", "databricks"],
  ...["sagemaker", "openrouter"],
];
const TOOL_VENDORS = [
  ...["jira", "github", "gitlab", "slack", "linear", "notion", "confluence", "salesforce", "stripe", "sentry"],
  ...["figma", "zendesk", "asana", "hubspot", "intercom", "pagerduty", "datadog", "servicenow", "trello"],
  ...["airtable", "shopify"],
];

/** Who serves models. */
export const MODEL_VENDOR = MODEL_VENDORS.join("|");
/** Whose servers agents use as tools. */
export const TOOL_VENDOR = TOOL_VENDORS.join("|");

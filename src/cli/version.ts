import metadata from "../../package.json" with { type: "json" };

/** This package's version, as package.json has it. */
export const VERSION: string = metadata.version;

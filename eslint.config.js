import prettier from "eslint-config-prettier";
import regexp from "eslint-plugin-regexp";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["build/", "generated/", "coverage/", ".cache/", "node_modules/"] },
  ...tseslint.configs.strict,
  prettier,
  {
    rules: {
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "no-console": "error",
      eqeqeq: "error",
      "no-nested-ternary": "error",
    },
  },
  {
    files: ["src/**", "codegen/**", "scripts/**"],
    rules: {
      "max-lines-per-function": ["error", { max: 40, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/max-params": ["error", { max: 4 }],
    },
  },
  {
    // Names, and how many there are of something, are often somebody else's.
    files: ["src/**"],
    // The operator's own words.
    ignores: ["src/cli/**", "src/config/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector:
            "AssignmentExpression[operator=/^(=|[?|&]{2}=)$/] > " +
            "MemberExpression.left[computed=true]:not([property.type=/^(Literal|BinaryExpression)$/])" +
            ":not([property.name=/^(index|at)$/])",
          message: "A name may be __proto__: use setMember, a Map, or an object literal. Numbers: index or at.",
        },
        {
          selector:
            "CallExpression[callee.object.name='Object'][callee.property.name='assign']" +
            " > :matches(.arguments:not(ObjectExpression):not(:first-child), ObjectExpression > SpreadElement)",
          message: "A member may be called __proto__: use setMembers, or an object literal with a spread.",
        },
        {
          selector: "CallExpression[callee.property.name=/^(push|unshift|max|min|fromCharCode)$/] > SpreadElement",
          message: "A list of 100,000 does not fit into the arguments of a call: use a loop or a new list.",
        },
        { selector: "ForInStatement", message: "Object.keys gives an object's own names." },
      ],
    },
  },
  {
    // Nearly every text that src reads is somebody else's: no expression over one may go back and forth.
    files: ["src/**"],
    // The operator's own words.
    ignores: ["src/cli/**", "src/config/**"],
    ...regexp.configs["flat/recommended"],
    rules: {
      ...regexp.configs["flat/recommended"].rules,
      "regexp/no-super-linear-backtracking": ["error", { report: "potential" }],
      "regexp/no-super-linear-move": ["error", { report: "potential" }],
      // Matters of taste.
      "regexp/no-dupe-characters-character-class": "off",
      "regexp/optimal-quantifier-concatenation": "off",
      "regexp/no-unused-capturing-group": "off",
      "regexp/prefer-d": "off",
      "regexp/prefer-w": "off",
      "regexp/use-ignore-case": "off",
    },
  },
  {
    // A test may say what must be there by taking it.
    files: ["test/**"],
    rules: {
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-dynamic-delete": "off",
      "no-restricted-syntax": [
        "error",
        {
          selector:
            ":matches(ForOfStatement, ForStatement, ForInStatement, WhileStatement, DoWhileStatement)" +
            " CallExpression[callee.name=/^expect/]",
          message: "A failure must name its case: use test.each, or one expect over what the loop has collected.",
        },
      ],
    },
  },
);

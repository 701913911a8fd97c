// Ends at once when it is told to stop. Its partitions are nobody's until its session times out.

const { Shipping } = require("../../shipping.js");

process.once("SIGTERM", () => process.exit(0));
new Shipping().run();

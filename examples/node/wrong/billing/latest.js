// Leaves the mode of its stream as it is by default. What comes while it is stopped is never billed.

const { Billing, main } = require("../../billing.js");

class Latest extends Billing {
  begin() {
    return {};
  }
}

main(new Latest());

// Leaves fromBeginning as it is by default. What was there before its group's first commit is never shipped.

const { Shipping, main } = require("../../shipping.js");

class Latest extends Shipping {
  subscription() {
    return { ...super.subscription(), fromBeginning: false };
  }
}

main(new Latest());

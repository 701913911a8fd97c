// Does not await that the dead letter is written. Its record is committed before, and lost if the write fails.

const { Shipping, main } = require("../../shipping.js");

class Careless extends Shipping {
  async setAside(...record) {
    super.setAside(...record);
  }
}

main(new Careless());

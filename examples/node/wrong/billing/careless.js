// Commits an order before its invoice is written. The order is lost when the program dies in between.

const { Billing, main } = require("../../billing.js");

class Careless extends Billing {
  async work(order) {
    await order.commit();
    await this.bill(order);
  }
}

main(new Careless());

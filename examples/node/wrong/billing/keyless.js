// Writes invoices without a key. Those of one user are on any partition, in any order.

const { Billing, main } = require("../../billing.js");

class Keyless extends Billing {
  invoice(order) {
    return { ...super.invoice(order), key: undefined };
  }
}

main(new Keyless());

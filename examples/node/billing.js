// Writes an invoice for each order, with @platformatic/kafka. An order is committed when its invoice is acknowledged.

const { Consumer, Producer, stringDeserializers, stringSerializers } = require("@platformatic/kafka");

class Billing {
  constructor() {
    const cluster = {
      clientId: process.env.CLIENT_ID,
      bootstrapBrokers: process.env.BOOTSTRAP_SERVERS.split(","),
    };
    this.consumer = new Consumer({
      ...cluster,
      groupId: process.env.GROUP_ID,
      deserializers: stringDeserializers,
      sessionTimeout: 6_000, // so long is one missed that ended without a word
      heartbeatInterval: 1_000,
      maxWaitTime: 500,
    });
    this.producer = new Producer({ ...cluster, serializers: stringSerializers, idempotent: true });
  }

  async run() {
    this.orders = await this.consumer.consume({
      topics: [process.env.ORDERS_TOPIC],
      autocommit: false,
      ...this.begin(),
    });
    for await (const order of this.orders) {
      await this.work(order);
    }
  }

  /** Where the group has come to; at the beginning where it has committed nothing. */
  begin() {
    return { mode: "committed", fallbackMode: "earliest" };
  }

  async work(order) {
    await this.bill(order);
    await order.commit();
  }

  async bill(order) {
    await this.producer.send({ messages: [this.invoice(order)] });
  }

  invoice(order) {
    const { id, amount } = JSON.parse(order.value);
    return { topic: process.env.INVOICES_TOPIC, key: order.key, value: JSON.stringify({ id, total: amount * 1.2 }) };
  }

  async stop() {
    await this.orders.close();
    await this.consumer.close();
    await this.producer.close();
  }
}

async function main(billing) {
  process.once("SIGTERM", () => billing.stop());
  await billing.run();
}

module.exports = { Billing, main };

if (require.main === module) {
  main(new Billing());
}

// Ships orders, with KafkaJS. One that cannot be read is set aside in a topic of its own, with what is wrong with it.

const { Kafka, logLevel } = require("kafkajs");

class Shipping {
  constructor() {
    const kafka = new Kafka({
      clientId: process.env.CLIENT_ID,
      brokers: process.env.BOOTSTRAP_SERVERS.split(","),
      logLevel: logLevel.WARN,
    });
    this.consumer = kafka.consumer({ groupId: process.env.GROUP_ID, maxWaitTimeInMs: 500 });
    this.producer = kafka.producer({ idempotent: true, maxInFlightRequests: 1 });
  }

  async run() {
    await this.producer.connect();
    await this.consumer.connect();
    await this.consumer.subscribe(this.subscription());
    await this.consumer.run({ eachMessage: (order) => this.ship(order) }); // commits what ship has returned from
  }

  subscription() {
    return { topics: [process.env.ORDERS_TOPIC], fromBeginning: true };
  }

  async ship({ topic, partition, message }) {
    try {
      const order = JSON.parse(message.value.toString());
      console.log(`shipped ${topic}/${partition}/${message.offset}: ${order.amount}`);
    } catch (error) {
      await this.setAside(topic, partition, message, error);
    }
  }

  async setAside(topic, partition, message, error) {
    const headers = {
      ...message.headers,
      "dlq-source-topic": topic,
      "dlq-source-partition": String(partition),
      "dlq-source-offset": message.offset,
      "dlq-error-class": error.name,
      "dlq-error-message": error.message,
    };
    await this.producer.send({
      topic: process.env.DEAD_LETTER_TOPIC,
      acks: -1,
      messages: [{ key: message.key, value: message.value, headers }],
    });
    console.log(`set aside ${topic}/${partition}/${message.offset}: ${error.message}`);
  }

  async stop() {
    await this.consumer.disconnect();
    await this.producer.disconnect();
  }
}

async function main(shipping) {
  process.once("SIGTERM", () => shipping.stop());
  await shipping.run();
}

module.exports = { Shipping, main };

if (require.main === module) {
  main(new Shipping());
}

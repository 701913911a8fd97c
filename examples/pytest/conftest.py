from kafkaspec_broker import broker, broker_process  # noqa: F401  fixtures of the tests here

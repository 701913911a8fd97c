# Says the lines of its arguments, and runs until it is told to stop. ORDERS in them is the topic orders.
trap 'exit 0' TERM
for line; do echo "level=INFO msg=$line" | sed "s/ORDERS/$KAFKA_TOPIC_ORDERS/"; done
sleep 1000 & wait

# Takes its time to end.
trap 'sleep 0.5; echo done; exit 0' TERM
echo ready
sleep 1000 & wait

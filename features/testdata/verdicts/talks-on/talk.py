print("out of paper")
for number in range(20_000):
    print("tick", number)

build-oz/bios/lwip/src/core/ipv4/etharp.o: \
 build/deps/lwip/src/core/ipv4/etharp.c

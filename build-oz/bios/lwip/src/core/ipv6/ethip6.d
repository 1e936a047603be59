build-oz/bios/lwip/src/core/ipv6/ethip6.o: \
 build/deps/lwip/src/core/ipv6/ethip6.c

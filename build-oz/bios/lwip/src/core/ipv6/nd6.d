build-oz/bios/lwip/src/core/ipv6/nd6.o: \
 build/deps/lwip/src/core/ipv6/nd6.c

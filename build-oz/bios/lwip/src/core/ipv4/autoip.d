build-oz/bios/lwip/src/core/ipv4/autoip.o: \
 build/deps/lwip/src/core/ipv4/autoip.c

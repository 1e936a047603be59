build-oz/bios/build-oz/generated/roots.o: build-oz/generated/roots.cc

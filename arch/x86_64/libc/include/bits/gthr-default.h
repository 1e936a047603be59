// One thread only.
#pragma once
#include <bits/gthr-single.h>

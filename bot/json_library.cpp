// SPDX-License-Identifier: Apache-2.0
// Boost.JSON's own sources, compiled once here instead of asking for its shared library.
#include <boost/json/src.hpp>

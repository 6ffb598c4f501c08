// SPDX-License-Identifier: Apache-2.0
#include "config/origin.hpp"

namespace plimsoll::config {

std::string to_string(const Origin& origin) {
    switch (origin.layer) {
        case Layer::preset:
            return "default";
        case Layer::network:
            return "network " + origin.name;
        case Layer::file:
            return origin.name + ":" + std::to_string(origin.place.line) + ":" +
                   std::to_string(origin.place.column);
        case Layer::environment:
        case Layer::flag:
            return origin.name;
    }
    return "unknown";
}

}  // namespace plimsoll::config

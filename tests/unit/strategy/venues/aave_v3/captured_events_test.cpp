// SPDX-License-Identifier: Apache-2.0
#include "strategy/prices/price_leaves.hpp"
#include "strategy/venues/aave_v3/events.hpp"
#include "strategy/venues/aave_v3/log_applier.hpp"
#include "strategy/venues/aave_v3/math.hpp"
#include "tests/unit/strategy/venues/aave_v3/vector_file.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace plimsoll::strategy::aave_v3 {
namespace {

/// Logs of a real Aave V3.0.2 market, applied to a market whose addresses are those of the logs.
class CapturedEventsTest : public testing::Test {
  protected:
    CapturedEventsTest() {
        for (const auto row : vector_file("events.json")["events"].get_array()) {
            const std::string_view signature{row["event"]};
            const std::string name = std::string{std::string_view{row["emitter"]}} + "." +
                                     std::string{signature.substr(0, signature.find('('))};
            logs_[name] = captured_log(row["raw"]);
        }
        for (const auto raw : vector_file("events.json")["liquidation"].get_array())
            receipt_.push_back(captured_log(raw));
        market_.rules = *rules_for(U256{1});
        market_.pool = logs_.at("Pool.ReserveDataUpdated").address;
        market_.configurator = logs_.at("PoolConfigurator.ReserveInitialized").address;
        market_.provider = logs_.at("PoolAddressesProvider.PoolUpdated").address;
        market_.oracle = logs_.at("AaveOracle.AssetSourceUpdated").address;
    }
    Result<void> apply(const Log& log) {
        BookWriter writer{book_, Hash32::from_u256(U256{++blocks_})};
        leaves_.begin(Hash32::from_u256(U256{blocks_}));
        changes_ = {};
        cash_.begin(Hash32::from_u256(U256{blocks_}));
        LogApplier applier{market_, 1, block_, {writer, leaves_, cash_, allowed_}, changes_};
        return applier.apply(log);
    }
    /// The market's only reserve: `asset` with these tokens.
    void list(const Address& asset, const Address& a_token, const Address& debt_token) {
        ReserveFacts facts;
        facts.underlying = asset;
        facts.a_token = a_token;
        facts.variable_debt_token = debt_token;
        market_.reserves.push_back(facts);
        market_.index();
        book_.reset(market_.reserves.size());
        cash_.reset(std::vector<U256>(market_.reserves.size(), pow10(30)));
    }
    std::map<std::string, Log> logs_;
    std::vector<Log> receipt_;
    Market market_;
    Book book_{64};
    PriceLeaves leaves_{64};
    Cash cash_{64};
    bool allowed_ = true;
    Changes changes_;
    Head block_;
    std::uint64_t blocks_ = 0;
};

TEST_F(CapturedEventsTest, EveryCapturedTopicIsOneOfOurs) {
    const std::map<std::string, Hash32> ours{
        {"aToken.Mint", topics::kMint},
        {"aToken.Burn", topics::kBurn},
        {"aToken.BalanceTransfer", topics::kBalanceTransfer},
        {"variableDebtToken.Mint", topics::kMint},
        {"variableDebtToken.Burn", topics::kBurn},
        {"Pool.ReserveDataUpdated", topics::kReserveDataUpdated},
        {"Pool.ReserveUsedAsCollateralEnabled", topics::kCollateralEnabled},
        {"Pool.ReserveUsedAsCollateralDisabled", topics::kCollateralDisabled},
        {"Pool.Borrow", topics::kBorrow},
        {"Pool.UserEModeSet", topics::kUserEModeSet},
        {"Pool.LiquidationCall", topics::kLiquidationCall},
        {"PoolConfigurator.ReserveInitialized", topics::kReserveInitialized},
        {"PoolConfigurator.CollateralConfigurationChanged", topics::kCollateralConfiguration},
        {"PoolConfigurator.ReserveFlashLoaning", topics::kReserveFlashLoaning},
        {"PoolConfigurator.LiquidationProtocolFeeChanged", topics::kProtocolFeeChanged},
        {"PoolConfigurator.EModeCategoryAdded", topics::kEModeCategoryAdded},
        {"PoolConfigurator.EModeAssetCategoryChanged", topics::kEModeAssetCategory},
        {"PoolConfigurator.FlashloanPremiumTotalUpdated", topics::kFlashPremiumTotal},
        {"PoolAddressesProvider.PoolUpdated", topics::kPoolUpdated},
        {"PoolAddressesProvider.PoolConfiguratorUpdated", topics::kConfiguratorUpdated},
        {"PoolAddressesProvider.PriceOracleUpdated", topics::kPriceOracleUpdated},
        {"AaveOracle.AssetSourceUpdated", topics::kAssetSourceUpdated},
        {"aggregator.AnswerUpdated", kAnswerUpdated},
    };
    for (const auto& [name, topic] : ours) {
        ASSERT_TRUE(logs_.contains(name)) << name;
        EXPECT_EQ(logs_.at(name).topic0(), topic) << name;
    }
    EXPECT_EQ(logs_.size(), ours.size());
}

TEST_F(CapturedEventsTest, ConfigurationIsReadAsItWasDecoded) {
    const Log& bonus = logs_.at("PoolConfigurator.CollateralConfigurationChanged");
    list(Address::from_word(bonus.topics[1]), {}, {});
    ASSERT_TRUE(apply(bonus));
    EXPECT_EQ(book_.reserve(0).threshold, BasisPoints{8'300});
    EXPECT_EQ(book_.reserve(0).bonus, BasisPoints{10'500});
    ASSERT_TRUE(apply(logs_.at("PoolConfigurator.LiquidationProtocolFeeChanged")));
    EXPECT_EQ(book_.reserve(0).protocol_fee, BasisPoints{1'000});
    ASSERT_TRUE(apply(logs_.at("PoolConfigurator.ReserveFlashLoaning")));
    EXPECT_TRUE(book_.reserve(0).flash_enabled);
    ASSERT_TRUE(apply(logs_.at("PoolConfigurator.EModeAssetCategoryChanged")));
    EXPECT_EQ(book_.category_state(1).collateral, only(0));
    ASSERT_TRUE(apply(logs_.at("PoolConfigurator.EModeCategoryAdded")));
    EXPECT_EQ(book_.category_state(1), (CategoryState{BasisPoints{9'550}, BasisPoints{10'100}, only(0)}));
    ASSERT_TRUE(apply(logs_.at("PoolConfigurator.FlashloanPremiumTotalUpdated")));
    EXPECT_EQ(book_.flash_premium(), BasisPoints{5});
    EXPECT_FALSE(apply(logs_.at("PoolConfigurator.ReserveInitialized")));
}

TEST_F(CapturedEventsTest, ACapturedLiquidationEmptiesThePosition) {
    // The receipt's liquidation took all of account 0x175A's collateral and all of its debt.
    const Log& call = receipt_.back();
    ASSERT_EQ(call.topic0(), topics::kLiquidationCall);
    const Log& burned_debt = receipt_.at(2);
    const Log& burned_collateral = receipt_.at(6);
    const Log& fee = receipt_.at(9);
    list(Address::from_word(call.topics[1]), burned_collateral.address, Address{{1}});
    list(Address::from_word(call.topics[2]), {}, burned_debt.address);
    const Address account = Address::from_word(call.topics[3]);
    const U256 index = parse_decimal("1000000000599636159104082209").value();
    const U256 taken = parse_decimal("22597797874807744897724").value();
    const U256 fee_scaled = parse_decimal("148809581400565397260").value();
    const U256 supplied = ray_div_half_up(taken, index) + fee_scaled;
    {
        BookWriter writer = BookWriter::baseline(book_);
        const AccountId id = writer.account(account);
        writer.set_position(id, 0, {supplied.low128(), 0});
        writer.set_position(
            id, 1,
            {0, ray_div_half_up(U256{215'752'317'928}, parse_decimal("1000000018566633919338513376").value())
                    .low128()});
        writer.set_collateral(id, 0, true);
    }
    for (const Log& log : receipt_)
        ASSERT_TRUE(apply(log)) << log.index;
    const AccountId id = *book_.find(account);
    EXPECT_EQ(book_.position(id, 0), Position{});
    EXPECT_EQ(book_.position(id, 1), Position{});
    EXPECT_EQ(book_.collateral(id), ReserveSet{0});
    EXPECT_FALSE(book_.quarantined(id));
    const auto treasury = book_.find(Address::from_word(fee.topics[2]));
    ASSERT_TRUE(treasury);
    EXPECT_EQ(book_.position(*treasury, 0).supply, fee_scaled.low128());
    ASSERT_EQ(changes_.liquidations.size(), 1U);
    EXPECT_EQ(changes_.liquidations[0].repaid, TokenAmount{215'752'317'928});
    EXPECT_EQ(changes_.liquidations[0].seized, TokenAmount{taken});
    EXPECT_EQ(changes_.liquidations[0].account, account);
}

}  // namespace
}  // namespace plimsoll::strategy::aave_v3

package dev.spillway.core.engine;

import dev.spillway.core.allocation.Ledger;
import dev.spillway.core.fit.RealNodes;
import dev.spillway.core.policy.UnitCounts;
import dev.spillway.core.stock.StockPicture;

/** What all parts of the engine share. */
record Parts(
        Settings settings,
        Turn turn,
        World world,
        Ledger ledger,
        StockPicture stock,
        UnitCounts counts,
        RealNodes nodes,
        PodWrites writes,
        Queues queues,
        Namesakes namesakes) {}

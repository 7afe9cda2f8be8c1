package dev.spillway.trials.scenario.fault;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All faults there are, in the order of the table. A new one goes to the list of what it disturbs. */
public final class Faults {
    /** The list; names are unique. */
    public static final List<Fault> ALL = Stream.of(
                    PolicyFaults.ALL,
                    LeavingFaults.ALL,
                    PodFaults.ALL,
                    ClusterFaults.ALL,
                    BindingFaults.ALL,
                    WriteFaults.ALL,
                    KubeletFaults.ALL,
                    RegionFaults.ALL)
            .flatMap(List::stream)
            .toList();

    private Faults() {}

    /** The fault of a name. */
    public static Optional<Fault> named(String name) {
        return ALL.stream().filter(fault -> fault.name().equals(name)).findFirst();
    }
}

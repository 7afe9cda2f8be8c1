package dev.spillway.app.controller;

import dev.spillway.app.Version;
import dev.spillway.app.backend.ServedBackends;
import dev.spillway.core.engine.PlantedBug;
import dev.spillway.core.engine.Settings;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a controller is to run. Immutable.
 *
 * @param kubeconfig null = KUBECONFIG, ~/.kube/config, or the cluster that this process runs in
 * @param schedulerName pods that name it are ours
 * @param leaseNamespace where the Lease of leader election is
 * @param clock that decisions go by
 * @param plantedBugs empty but in tests
 * @param backends the types of backend that a Region may name
 * @param userAgent names the process in audit logs
 */
public record ControllerOptions(
        @Nullable Path kubeconfig,
        String schedulerName,
        String leaseNamespace,
        Election election,
        DecisionClock clock,
        Set<PlantedBug> plantedBugs,
        ServedBackends backends,
        String userAgent) {
    /** Where the Lease is, unless told otherwise. */
    public static final String LEASE_NAMESPACE = "spillway-system";

    // For tests that start a controller as a process. Not for anybody else, so no option.
    private static final String PLANTED_BUGS = "spillway.planted-bugs";

    /** Whether the controller waits until it holds the Lease. */
    public enum Election {
        /** It does; one of several works. */
        BY_LEASE,
        /** It works at once; nobody else may. */
        NONE
    }

    public ControllerOptions {
        plantedBugs = plantedBugs.isEmpty() ? Set.of() : EnumSet.copyOf(plantedBugs);
    }

    /** The defaults. */
    public static ControllerOptions of(@Nullable Path kubeconfig) {
        return new ControllerOptions(
                kubeconfig,
                Settings.SCHEDULER_NAME,
                LEASE_NAMESPACE,
                Election.BY_LEASE,
                DecisionClock.system(),
                bugsOfProcess(),
                ServedBackends.ALL,
                Version.userAgent("controller"));
    }

    /** The same with another scheduler name. */
    public ControllerOptions withSchedulerName(String name) {
        return new ControllerOptions(
                kubeconfig, name, leaseNamespace, election, clock, plantedBugs, backends, userAgent);
    }

    /** The same with the Lease in another namespace. */
    public ControllerOptions withLeaseNamespace(String namespace) {
        return new ControllerOptions(
                kubeconfig, schedulerName, namespace, election, clock, plantedBugs, backends, userAgent);
    }

    /** The same with or without election. */
    public ControllerOptions with(Election how) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, how, clock, plantedBugs, backends, userAgent);
    }

    /** The same on another decision clock. */
    public ControllerOptions withClock(DecisionClock decisionClock) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, decisionClock, plantedBugs, backends, userAgent);
    }

    /** The same with planted bugs, for tests. */
    public ControllerOptions withPlantedBugs(Set<PlantedBug> bugs) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, clock, bugs, backends, userAgent);
    }

    /** The same with other types of backend, for tests. */
    public ControllerOptions withBackends(ServedBackends served) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, clock, plantedBugs, served, userAgent);
    }

    private static Set<PlantedBug> bugsOfProcess() {
        var bugs = EnumSet.noneOf(PlantedBug.class);
        for (var name : System.getProperty(PLANTED_BUGS, "").split(",", -1)) {
            if (!name.isBlank()) {
                bugs.add(
                        PlantedBug.valueOf(name.strip().toUpperCase(Locale.ROOT).replace('-', '_')));
            }
        }
        return bugs;
    }
}

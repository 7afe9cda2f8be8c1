package dev.spillway.app.controller;

import dev.spillway.app.backend.ServedBackends;
import dev.spillway.app.nodeapi.NodeApiOptions;
import dev.spillway.app.version.Version;
import dev.spillway.core.step.Settings;
import dev.spillway.recording.recorder.RecorderOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a controller is to run. Immutable.
 *
 * @param kubeconfig null = KUBECONFIG, ~/.kube/config, or the cluster that this process runs in
 * @param schedulerName pods that name it are ours
 * @param leaseNamespace where the Lease of leader election is
 * @param clock that decisions go by
 * @param backends the types of backend that a Region may name
 * @param recording of what engines are told and answer
 * @param nodeApi how logs and streams of pods are served
 * @param userAgent names the process in audit logs
 */
public record ControllerOptions(
        @Nullable Path kubeconfig,
        String schedulerName,
        String leaseNamespace,
        Election election,
        DecisionClock clock,
        ServedBackends backends,
        RecorderOptions recording,
        NodeApiOptions nodeApi,
        String userAgent) {
    /** Where the Lease is, unless told otherwise. */
    public static final String LEASE_NAMESPACE = "spillway-system";

    /** Where recordings go, unless told otherwise. */
    public static final Path RECORDINGS = Path.of(System.getProperty("java.io.tmpdir"), "spillway");

    /** Whether the controller waits until it holds the Lease. */
    public enum Election {
        /** It does; one of several works. */
        BY_LEASE,
        /** It works at once; nobody else may. */
        NONE
    }

    /** The defaults. */
    public static ControllerOptions of(@Nullable Path kubeconfig) {
        return new ControllerOptions(
                kubeconfig,
                Settings.SCHEDULER_NAME,
                LEASE_NAMESPACE,
                Election.BY_LEASE,
                DecisionClock.system(),
                ServedBackends.ALL,
                RecorderOptions.memory(RECORDINGS),
                NodeApiOptions.NONE,
                Version.userAgent("controller"));
    }

    /** The same with another scheduler name. */
    public ControllerOptions withSchedulerName(String name) {
        return new ControllerOptions(
                kubeconfig, name, leaseNamespace, election, clock, backends, recording, nodeApi, userAgent);
    }

    /** The same with the Lease in another namespace. */
    public ControllerOptions withLeaseNamespace(String namespace) {
        return new ControllerOptions(
                kubeconfig, schedulerName, namespace, election, clock, backends, recording, nodeApi, userAgent);
    }

    /** The same with or without election. */
    public ControllerOptions with(Election how) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, how, clock, backends, recording, nodeApi, userAgent);
    }

    /** The same on another decision clock. */
    public ControllerOptions withClock(DecisionClock decisionClock) {
        return new ControllerOptions(
                kubeconfig,
                schedulerName,
                leaseNamespace,
                election,
                decisionClock,
                backends,
                recording,
                nodeApi,
                userAgent);
    }

    /** The same with other types of backend, for tests. */
    public ControllerOptions withBackends(ServedBackends served) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, clock, served, recording, nodeApi, userAgent);
    }

    /** The same, recorded in another way. */
    public ControllerOptions withRecording(RecorderOptions how) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, clock, backends, how, nodeApi, userAgent);
    }

    /** The same, logs and streams of pods served in another way. */
    public ControllerOptions withNodeApi(NodeApiOptions how) {
        return new ControllerOptions(
                kubeconfig, schedulerName, leaseNamespace, election, clock, backends, recording, how, userAgent);
    }
}

package dev.spillway.core.testing;

import dev.spillway.core.model.LabelRequirement;
import dev.spillway.core.model.Labels;
import dev.spillway.core.model.PolicyKey;
import dev.spillway.core.policy.CountRule;
import dev.spillway.core.policy.Policy;
import dev.spillway.core.policy.Unit;
import dev.spillway.core.policy.WhenTryNextUnits;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Policies. Without further words: demo/p for pods labelled svc=web, of its first generation, created at second 0, all else by default. */
public final class PolicyBuilder extends Builder<PolicyBuilder, Policy> {
    private PolicyKey key = new PolicyKey("demo", "p");
    private String uid = "uid-p";
    private long generation = 1;
    private long createdSeconds;
    private Labels selector = Labels.of("svc", "web");
    private List<LabelRequirement> matchExpressions = List.of();
    private Policy.Strategy strategy = Policy.Strategy.PREFER;
    private List<Unit> units = List.of();
    private boolean ignorePreviousPod = CountRule.DEFAULT.ignorePreviousPod();
    private boolean ignoreTerminatingPod = CountRule.DEFAULT.ignoreTerminatingPod();
    private List<String> matchLabelKeys = CountRule.DEFAULT.matchLabelKeys();
    private WhenTryNextUnits whenTryNextUnits = WhenTryNextUnits.DEFAULT;
    private Policy.Preemption preemption = Policy.Preemption.AFTER_ALL_UNITS;
    private String problem = "";

    private PolicyBuilder() {}

    /** A policy of these units. */
    public static PolicyBuilder aPolicy(UnitBuilder... units) {
        return new PolicyBuilder()
                .units(Arrays.stream(units).map(UnitBuilder::build).toList());
    }

    /** Under this name, with the UID {@code uid-NAME}. */
    public PolicyBuilder named(String name) {
        return key("demo", name);
    }

    /** Under this name in this namespace, with the UID {@code uid-NAME}. */
    public PolicyBuilder key(String namespace, String name) {
        return with(b -> {
            b.key = new PolicyKey(namespace, name);
            b.uid = "uid-" + name;
        });
    }

    /** Of this generation. */
    public PolicyBuilder generation(long value) {
        return with(b -> b.generation = value);
    }

    /** Created at this second of Unix time. */
    public PolicyBuilder created(long unixSeconds) {
        return with(b -> b.createdSeconds = unixSeconds);
    }

    /** As somebody creates it anew under its name, at this second, after it was deleted. */
    public PolicyBuilder anew(long unixSeconds) {
        return with(b -> {
            b.uid = uid + "-" + unixSeconds;
            b.generation = 1;
            b.createdSeconds = unixSeconds;
        });
    }

    /** For pods with these labels; none: for every pod of the namespace. */
    public PolicyBuilder selecting(String... keysAndValues) {
        return selecting(Labels.of(keysAndValues));
    }

    /** For pods with these labels. */
    public PolicyBuilder selecting(Labels labels) {
        return with(b -> b.selector = labels);
    }

    /** For pods whose labels meet these requirements too. */
    public PolicyBuilder matching(LabelRequirement... requirements) {
        return with(b -> b.matchExpressions = List.of(requirements));
    }

    /** Units only. */
    public PolicyBuilder required() {
        return with(b -> b.strategy = Policy.Strategy.REQUIRED);
    }

    /** Of these units. */
    public PolicyBuilder units(List<Unit> value) {
        return with(b -> b.units = value);
    }

    /** Whether pods scheduled before it was created do not count. */
    public PolicyBuilder ignorePreviousPod(boolean value) {
        return with(b -> b.ignorePreviousPod = value);
    }

    /** Whether pods that are being deleted do not count. */
    public PolicyBuilder ignoreTerminatingPod(boolean value) {
        return with(b -> b.ignoreTerminatingPod = value);
    }

    /** Counts pods in groups, by the values of these labels. */
    public PolicyBuilder matchLabelKeys(String... keys) {
        return with(b -> b.matchLabelKeys = List.of(keys));
    }

    /** Has pods leave a unit by this rule. */
    public PolicyBuilder whenTryNextUnits(WhenTryNextUnits.Rule rule) {
        return whenTryNextUnits(rule, WhenTryNextUnits.DEFAULT_TIMEOUT);
    }

    /** Has pods leave a unit by this rule and time. */
    public PolicyBuilder whenTryNextUnits(WhenTryNextUnits.Rule rule, Duration timeout) {
        return with(b -> b.whenTryNextUnits = new WhenTryNextUnits(rule, timeout));
    }

    /** Evicts pods of lower priority at this point. */
    public PolicyBuilder preemption(Policy.Preemption value) {
        return with(b -> b.preemption = value);
    }

    /** Cannot be used, and this is why. */
    public PolicyBuilder problem(String why) {
        return with(b -> b.problem = why);
    }

    @Override
    public Policy build() {
        return new Policy(
                key,
                uid,
                generation,
                createdSeconds,
                selector,
                matchExpressions,
                strategy,
                units,
                new CountRule(ignorePreviousPod, ignoreTerminatingPod, matchLabelKeys),
                whenTryNextUnits,
                preemption,
                problem);
    }
}

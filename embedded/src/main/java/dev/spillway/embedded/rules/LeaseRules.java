package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;

/**
 * Leases: a PUT creates where there is none, and must name the version it replaces where there is one.
 *
 * <p>Rules: kubernetes {@code pkg/registry/coordination/lease/strategy.go}, {@code pkg/apis/coordination/validation}.
 */
final class LeaseRules extends TypeRules {

    LeaseRules() {
        super(ResourceType.LEASES);
    }

    @Override
    public boolean allowsCreateOnUpdate() {
        return true;
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Trees.writable(object, "spec");
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        Long duration = Trees.number(object, "spec", "leaseDurationSeconds");
        if (duration != null && duration <= 0) {
            causes.invalid("spec.leaseDurationSeconds", duration, "must be greater than 0");
        }
        Long transitions = Trees.number(object, "spec", "leaseTransitions");
        if (transitions != null && transitions < 0) {
            causes.invalid("spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}

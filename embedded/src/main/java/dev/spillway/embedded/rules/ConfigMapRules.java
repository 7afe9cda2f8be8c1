package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;

/** ConfigMaps. Rules: kubernetes {@code pkg/registry/core/configmap/strategy.go} and ValidateConfigMap. */
final class ConfigMapRules extends TypeRules {

    ConfigMapRules() {
        super(ResourceType.CONFIG_MAPS);
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    @Override
    void validateChange(ObjectNode next, ObjectNode old, Causes causes) {
        if (!old.path("immutable").asBoolean()) {
            return;
        }
        if (!next.path("immutable").asBoolean()) {
            causes.forbidden("immutable", "field is immutable when `immutable` is set");
        }
        for (String field : new String[] {"data", "binaryData"}) {
            if (!Trees.same(next.get(field), old.get(field))) {
                causes.forbidden(field, "field is immutable when `immutable` is set");
            }
        }
    }
}

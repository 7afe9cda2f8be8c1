package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Failure;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.MergeKeys;

/**
 * The definitions of custom resources. What a store serves is decided when it is made, so that a definition can be read, labelled
 * and applied again as it is, and nothing else.
 */
final class DefinitionRules extends TypeRules {

    DefinitionRules() {
        super(ResourceType.CUSTOM_RESOURCE_DEFINITIONS);
    }

    @Override
    public boolean allowsUnconditionalUpdate() {
        return false;
    }

    @Override
    public MergeKeys mergeKeys() {
        return MergeKeys.none();
    }

    @Override
    public void prepareUpdate(ObjectNode next, ObjectNode old) {
        if (specChanged(next, old)) {
            throw Failure.notSupported("Changing the spec of a CustomResourceDefinition");
        }
        super.prepareUpdate(next, old);
    }
}

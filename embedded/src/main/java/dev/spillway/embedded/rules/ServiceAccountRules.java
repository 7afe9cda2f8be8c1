package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;

/** Service accounts: names without rights, since this cluster asks nobody who they are. */
final class ServiceAccountRules extends TypeRules {

    ServiceAccountRules() {
        super(ResourceType.SERVICE_ACCOUNTS);
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    /** Without a generation. */
    @Override
    public void prepareNew(ObjectNode object) {
        Trees.writable(object, "metadata").remove("generation");
    }

    @Override
    public boolean returnsDeletedObject() {
        return true;
    }
}

package dev.spillway.embedded.rules;

import dev.spillway.embedded.api.ResourceType;

/** Service accounts: names without rights, since this cluster asks nobody who they are. */
final class ServiceAccountRules extends TypeRules {

    ServiceAccountRules() {
        super(ResourceType.SERVICE_ACCOUNTS);
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    @Override
    public boolean returnsDeletedObject() {
        return true;
    }
}

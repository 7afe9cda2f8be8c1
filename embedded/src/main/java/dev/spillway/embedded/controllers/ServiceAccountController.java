package dev.spillway.embedded.controllers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.store.ObjectStore;
import dev.spillway.embedded.tree.Trees;
import java.time.Instant;

/**
 * Gives each namespace its service account {@code default}, without which no pod is admitted there.
 *
 * <p>Rules: kubernetes {@code pkg/controller/serviceaccount/serviceaccounts_controller.go}.
 */
public final class ServiceAccountController implements Controller {

    private static final String NAME = "default";

    private final Api api;

    /** A controller of a store. */
    public ServiceAccountController(ObjectStore store) {
        this.api = new Api(store);
    }

    @Override
    public void step(Instant now) {
        for (ObjectNode namespace : api.list(ResourceType.NAMESPACES)) {
            String home = Api.name(namespace);
            if (!Api.isDeleting(namespace) && api.find(ResourceType.SERVICE_ACCOUNTS, home, NAME, now) == null) {
                ObjectNode account = Trees.object();
                account.putObject("metadata").put("name", NAME);
                api.create(ResourceType.SERVICE_ACCOUNTS, home, account, now);
            }
        }
    }
}

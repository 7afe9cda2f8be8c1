package dev.spillway.kubelet.access;

import dev.spillway.core.model.NodeName;
import java.util.List;
import java.util.Optional;

/**
 * What somebody wants of a node, in the words of RBAC.
 *
 * @param verb {@code get}, {@code create} ...
 * @param node empty for what concerns every node, or one that nobody knows: it takes a right to all of them
 * @param subresources a right to one of them is enough; asked for in this order
 */
public record NodeAccess(String verb, Optional<NodeName> node, List<String> subresources) {
    public NodeAccess {
        subresources = List.copyOf(subresources);
    }
}

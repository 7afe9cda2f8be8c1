package dev.spillway.kube.worlds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;

/**
 * One small cluster and a pod that waits in it, as Kubernetes objects with apiVersion and kind. Names of objects are those of no
 * other world, except the names of namespaces.
 *
 * @param pods pods with a node, some of them finished or being deleted
 * @param pending the pod that wants a node
 */
public record World(
        long seed,
        List<ObjectNode> namespaces,
        List<ObjectNode> nodes,
        List<ObjectNode> storageClasses,
        List<ObjectNode> csiNodes,
        List<ObjectNode> volumes,
        List<ObjectNode> claims,
        List<ObjectNode> pods,
        ObjectNode pending) {

    /** Everything but the pending pod, in an order in which it can be created. */
    public Stream<ObjectNode> surroundings() {
        return Stream.of(namespaces, nodes, storageClasses, csiNodes, volumes, claims, pods)
                .flatMap(List::stream);
    }

    /** A copy that shares nothing with this one. */
    World copy() {
        return new World(
                seed,
                copy(namespaces),
                copy(nodes),
                copy(storageClasses),
                copy(csiNodes),
                copy(volumes),
                copy(claims),
                copy(pods),
                pending.deepCopy());
    }

    private static List<ObjectNode> copy(List<ObjectNode> objects) {
        return objects.stream().map(ObjectNode::deepCopy).toList();
    }

    /** One object a line, the pending pod last. */
    @Override
    public String toString() {
        var text = new StringBuilder();
        Stream.concat(surroundings(), Stream.of(pending))
                .forEach(each -> text.append(each).append('\n'));
        return text.toString();
    }
}

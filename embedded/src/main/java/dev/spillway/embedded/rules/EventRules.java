package dev.spillway.embedded.rules;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.spillway.embedded.api.Causes;
import dev.spillway.embedded.api.ResourceType;
import dev.spillway.embedded.tree.Trees;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Events of the core group. They do not expire here: time is an argument of requests, and nothing runs by itself.
 *
 * <p>Rules: kubernetes {@code pkg/apis/core/validation/events.go}, the part for {@code v1}.
 */
final class EventRules extends TypeRules {

    EventRules() {
        super(ResourceType.EVENTS);
    }

    @Override
    public boolean allowsCreateOnUpdate() {
        return true;
    }

    @Override
    public boolean hasStatus() {
        return false;
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Trees.writable(object, "source");
        for (String field : List.of("reportingComponent", "reportingInstance")) {
            if (!object.has(field)) {
                object.put(field, "");
            }
        }
    }

    @Override
    Set<String> selectableFields() {
        return Set.of(
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "involvedObject.apiVersion",
                "involvedObject.resourceVersion",
                "involvedObject.fieldPath",
                "reason",
                "reportingComponent",
                "source",
                "type");
    }

    @Override
    public Function<ObjectNode, String> selectable(String field) {
        return super.selectable(field.equals("source") ? "source.component" : field);
    }

    @Override
    List<String> wrongWithName(String name) {
        return Names.pathSegment(name);
    }

    @Override
    void validateContent(ObjectNode object, Causes causes) {
        String namespace = Trees.text(object, "metadata", "namespace");
        String involved = Trees.text(object, "involvedObject", "namespace");
        boolean newStyle = Trees.text(object, "eventTime") != null;
        boolean clusterScoped = "default".equals(namespace) || (newStyle && "kube-system".equals(namespace));
        boolean fits = involved == null ? clusterScoped : newStyle || involved.equals(namespace);
        if (!fits) {
            causes.invalid(
                    "involvedObject.namespace", involved == null ? "" : involved, "does not match event.namespace");
        }
        if (newStyle) {
            for (String field : List.of("reportingComponent", "reportingInstance", "action", "reason")) {
                if (Trees.text(object, field) == null) {
                    causes.required(field, "");
                }
                if (field.equals("reportingComponent")) {
                    String component = object.path(field).asText();
                    Names.qualifiedName(component).forEach(why -> causes.invalid(field, component, why));
                }
            }
        }
    }
}

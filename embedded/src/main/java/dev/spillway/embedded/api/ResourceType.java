package dev.spillway.embedded.api;

import java.util.List;

/**
 * A type of object that the API serves, such as {@code pods} of {@code v1}.
 *
 * @param group the API group; empty for the core group
 * @param version the version, such as {@code v1}
 * @param plural the name in a URL, such as {@code pods}
 * @param kind the name in an object, such as {@code Pod}
 * @param scope whether its objects live in a namespace
 */
public record ResourceType(String group, String version, String plural, String kind, Scope scope) {

    /** Where the objects of a type live. */
    public enum Scope {
        /** One name space for the whole cluster. */
        CLUSTER,
        /** One name space per namespace. */
        NAMESPACED
    }

    public static final ResourceType NAMESPACES = core("namespaces", "Namespace", Scope.CLUSTER);
    public static final ResourceType NODES = core("nodes", "Node", Scope.CLUSTER);
    public static final ResourceType PODS = core("pods", "Pod", Scope.NAMESPACED);
    public static final ResourceType EVENTS = core("events", "Event", Scope.NAMESPACED);
    public static final ResourceType CONFIG_MAPS = core("configmaps", "ConfigMap", Scope.NAMESPACED);
    public static final ResourceType SERVICE_ACCOUNTS = core("serviceaccounts", "ServiceAccount", Scope.NAMESPACED);
    public static final ResourceType CUSTOM_RESOURCE_DEFINITIONS = new ResourceType(
            "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition", Scope.CLUSTER);
    public static final ResourceType DEPLOYMENTS =
            new ResourceType("apps", "v1", "deployments", "Deployment", Scope.NAMESPACED);
    public static final ResourceType REPLICA_SETS =
            new ResourceType("apps", "v1", "replicasets", "ReplicaSet", Scope.NAMESPACED);
    public static final ResourceType JOBS = new ResourceType("batch", "v1", "jobs", "Job", Scope.NAMESPACED);
    public static final ResourceType LEASES =
            new ResourceType("coordination.k8s.io", "v1", "leases", "Lease", Scope.NAMESPACED);
    public static final ResourceType DISRUPTION_BUDGETS =
            new ResourceType("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", Scope.NAMESPACED);
    /** Only ever created, and never kept: another path for the binding of a pod. */
    public static final ResourceType BINDINGS = core("bindings", "Binding", Scope.NAMESPACED);

    public static final ResourceType RESOURCE_POLICIES = new ResourceType(
            "scheduling.alibabacloud.com", "v1alpha1", "resourcepolicies", "ResourcePolicy", Scope.NAMESPACED);
    public static final ResourceType REGIONS =
            new ResourceType("spillway.dev", "v1alpha1", "regions", "Region", Scope.CLUSTER);

    private static final List<ResourceType> STANDARD = List.of(
            NAMESPACES,
            CONFIG_MAPS,
            NODES,
            PODS,
            EVENTS,
            DEPLOYMENTS,
            REPLICA_SETS,
            JOBS,
            LEASES,
            RESOURCE_POLICIES,
            REGIONS);

    /** The types Spillway works with, namespaces first. */
    public static List<ResourceType> standard() {
        return STANDARD;
    }

    /** As written in an object: {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** As written in messages: {@code pods}, {@code deployments.apps}. */
    public String qualifiedPlural() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** As written in messages: {@code Pod}, {@code Deployment.apps}. */
    public String qualifiedKind() {
        return group.isEmpty() ? kind : kind + "." + group;
    }

    /** The kind of a list of these. */
    public String listKind() {
        return kind + "List";
    }

    /** Whether its objects live in a namespace. */
    public boolean isNamespaced() {
        return scope == Scope.NAMESPACED;
    }

    private static ResourceType core(String plural, String kind, Scope scope) {
        return new ResourceType("", "v1", plural, kind, scope);
    }
}

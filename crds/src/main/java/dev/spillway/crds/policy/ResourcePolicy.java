package dev.spillway.crds.policy;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * Where the pods of a namespace may go, in order: {@code resourcepolicies.scheduling.alibabacloud.com}, version
 * {@code v1alpha1}. Mutable, like every fabric8 resource: do not share one between threads.
 */
@JsonClassDescription("Where the pods of a namespace may go, in order.")
@Group("scheduling.alibabacloud.com")
@Version("v1alpha1")
@Plural("resourcepolicies")
@AdditionalPrinterColumn(
        name = "Ready",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status",
        getDescription = "Whether pods can be placed by this policy.")
@AdditionalPrinterColumn(
        name = "Units",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.summary",
        getDescription = "The units in order.")
@AdditionalPrinterColumn(
        name = "Consistent",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Consistent\")].status",
        getDescription = "Whether what it names is declared and its pods can follow it.")
@AdditionalPrinterColumn(name = "Strategy", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.strategy")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Reason",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
        name = "Message",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].message")
@AdditionalPrinterColumn(
        name = "Inconsistency",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Consistent\")].message")
public final class ResourcePolicy extends CustomResource<ResourcePolicySpec, ResourcePolicyStatus>
        implements Namespaced {}

package dev.spillway.crds.region;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;

/**
 * A region that instances are bought in: {@code regions.spillway.dev}, version {@code v1alpha1}, cluster-scoped. The
 * object's name is the region's id; it becomes a label's value, hence 63 characters. Mutable, like every fabric8
 * resource: do not share one between threads.
 */
@JsonClassDescription("A region that instances are bought in. Its name is the region's id.")
@Group("spillway.dev")
@Version("v1alpha1")
@Plural("regions")
@ValidationRule(
        value = "size(self.metadata.name) <= 63",
        message = "a Region's name is the region id and becomes a label value; use at most 63 characters")
@AdditionalPrinterColumn(
        name = "Default",
        type = AdditionalPrinterColumn.Type.BOOLEAN,
        jsonPath = ".spec.default",
        getDescription = "Takes directly pinned pods that name no region.")
@AdditionalPrinterColumn(name = "Backend", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".spec.backend.type")
@AdditionalPrinterColumn(name = "Zones", type = AdditionalPrinterColumn.Type.STRING, jsonPath = ".status.zonesSummary")
@AdditionalPrinterColumn(
        name = "Reachable",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.conditions[?(@.type==\"Reachable\")].status",
        getDescription = "Whether the region answers.")
@AdditionalPrinterColumn(
        name = "Instances",
        type = AdditionalPrinterColumn.Type.INTEGER,
        jsonPath = ".status.instances",
        getDescription = "Live instances of this cluster.")
@AdditionalPrinterColumn(
        name = "Stock",
        type = AdditionalPrinterColumn.Type.STRING,
        jsonPath = ".status.stockSummary",
        getDescription = "What the region's answers said about stock.")
@AdditionalPrinterColumn(
        name = "Age",
        type = AdditionalPrinterColumn.Type.DATE,
        jsonPath = ".metadata.creationTimestamp")
@AdditionalPrinterColumn(
        name = "Accepted",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1,
        jsonPath = ".status.conditions[?(@.type==\"Accepted\")].status",
        getDescription = "Whether the object can be used.")
@AdditionalPrinterColumn(
        name = "Lost",
        type = AdditionalPrinterColumn.Type.BOOLEAN,
        priority = 1,
        jsonPath = ".spec.lost")
@AdditionalPrinterColumn(
        name = "Endpoint",
        type = AdditionalPrinterColumn.Type.STRING,
        priority = 1,
        jsonPath = ".spec.backend.endpoint")
public final class Region extends CustomResource<RegionSpec, RegionStatus> {}

package dev.spillway.crds;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.spillway.crds.policy.ResourcePolicy;
import dev.spillway.crds.region.Region;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceColumnDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionVersion;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Makes the CRD YAML from the Java types: fabric8's generator, then the few edits that its annotations cannot express.
 *
 * <ol>
 *   <li>Printer columns in the order of the annotations; the generator sorts them by path.
 *   <li>{@code spec} is required; it is a field of a superclass and cannot be annotated.
 *   <li>{@code status.conditions} is a map by type, so that two writers can own one condition each.
 *   <li>Times have the format {@code date-time}.
 *   <li>The second spelling of LackResourceAndNoTerminating (Q12, R5.6).
 *   <li>Quantities have a quantity's syntax and are not negative. The generator takes no limits on them in a map, and a
 *       CEL rule over them is beyond the server's cost limit.
 * </ol>
 */
final class CrdYaml {
    /** Every resource of the module. */
    static final List<Class<? extends HasMetadata>> RESOURCES = List.of(ResourcePolicy.class, Region.class);

    /** How to write the files anew. */
    static final String COMMAND =
            "./mvnw -pl crds test -Dtest=CrdYamlTest#committedYamlIsWhatTheTypesSay -Dcrds.update=true";

    /** Where the files lie in the tree; tests run in the folder of their module. */
    static final Path FOLDER = Path.of("..", "deploy", "chart", "base", "crds");

    // Syntax of apimachinery's resource.Quantity, without a minus sign.
    private static final String QUANTITY =
            "^[+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?[0-9]+)?$";

    private CrdYaml() {}

    /** File name to content, one file per resource. */
    static Map<String, String> generate() {
        var streams = new TreeMap<String, ByteArrayOutputStream>();
        new CRDGenerator()
                .forCRDVersions("v1")
                .withMinQuotes(true)
                .withPostProcessor(new Edits())
                .withOutput(new CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream>() {
                    @Override
                    protected ByteArrayOutputStream createStreamFor(String name) {
                        var stream = new ByteArrayOutputStream();
                        streams.put(name, stream);
                        return stream;
                    }
                })
                .customResourceClasses(RESOURCES)
                .detailedGenerate();
        var files = new TreeMap<String, String>();
        streams.forEach((name, stream) ->
                files.put(name.replaceFirst("-v1$", ".yaml"), tidy(stream.toString(StandardCharsets.UTF_8))));
        return files;
    }

    // Limits are whole numbers; the model keeps them as double, and some YAML readers take 1.0E9 for a text.
    private static String tidy(String yaml) {
        String whole = Pattern.compile("(?<=(minimum|maximum): ).*")
                .matcher(yaml)
                .replaceAll(limit ->
                        new BigDecimal(limit.group()).toBigIntegerExact().toString());
        return whole.replaceFirst("^# .*", "# Generated from the Java types of the module crds by:\n# " + COMMAND);
    }

    private static final class Edits implements CRDPostProcessor {
        @Override
        public HasMetadata process(HasMetadata resource, String crdVersion) {
            var crd = (CustomResourceDefinition) resource;
            String kind = crd.getSpec().getNames().getKind();
            CustomResourceDefinitionVersion version =
                    crd.getSpec().getVersions().getFirst();
            JSONSchemaProps root = version.getSchema().getOpenAPIV3Schema();

            version.getAdditionalPrinterColumns().sort(inOrderOfAnnotations(kind));
            root.setRequired(List.of("spec"));
            JSONSchemaProps conditions = at(root, "status", "conditions");
            conditions.setXKubernetesListType("map");
            conditions.setXKubernetesListMapKeys(List.of("type"));
            at(conditions, "lastTransitionTime").setFormat("date-time");
            if (kind.equals("Region")) {
                at(root, "status", "stock", "until").setFormat("date-time");
                at(root, "status", "stock", "observedAt").setFormat("date-time");
            } else {
                JSONSchemaProps policy = at(root, "spec", "whenTryNextUnits", "policy");
                var spellings = new ArrayList<>(policy.getEnum());
                spellings.add(TextNode.valueOf("LackResourceAndNoterminating"));
                policy.setEnum(spellings);
                JSONSchemaProps quantity = at(root, "spec", "units", "maxResources")
                        .getAdditionalProperties()
                        .getSchema();
                quantity.setPattern(QUANTITY);
                quantity.setMinimum(0.0);
            }
            return crd;
        }
    }

    private static Comparator<CustomResourceColumnDefinition> inOrderOfAnnotations(String kind) {
        List<String> names = RESOURCES.stream()
                .filter(type -> type.getSimpleName().equals(kind))
                .flatMap(type -> Arrays.stream(type.getAnnotationsByType(AdditionalPrinterColumn.class)))
                .map(AdditionalPrinterColumn::name)
                .toList();
        return Comparator.comparingInt(column -> names.indexOf(column.getName()));
    }

    /** The schema of a field, steps from {@code schema}; a step into a list is a step into its items. */
    static JSONSchemaProps at(JSONSchemaProps schema, String... steps) {
        JSONSchemaProps found = schema;
        for (String step : steps) {
            JSONSchemaProps fields =
                    found.getItems() == null ? found : found.getItems().getSchema();
            found = fields.getProperties().get(step);
            if (found == null) {
                throw new IllegalStateException("The generated schema has no field " + String.join(".", steps) + ".");
            }
        }
        return found;
    }
}

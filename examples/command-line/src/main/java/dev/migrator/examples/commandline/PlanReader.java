package dev.migrator.examples.commandline;

import dev.migrator.core.Limits;
import dev.migrator.examples.commandline.Fields.Node;
import dev.migrator.model.Endpoint;
import dev.migrator.model.Hook;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.NetworkMapping;
import dev.migrator.model.PlannedVm;
import dev.migrator.model.Requester;
import dev.migrator.model.StorageMapping;
import dev.migrator.model.VmRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns the fields of a plan file into a plan; they are called as those of {@link MigrationPlan}.
 */
final class PlanReader {

  private static final String KUBEVIRT = "kubevirt";

  private final Path planFile;

  /**
   * Prepares to read.
   *
   * @param planFile the file that is read; kubeconfigs are looked for beside it
   */
  PlanReader(Path planFile) {
    this.planFile = planFile;
  }

  PlanFile read(Fields file) {
    Side source = file.child("source", node -> node.fields(fields -> side("source", fields)));
    Side target = file.child("target", node -> node.fields(fields -> side("target", fields)));
    MigrationPlan.Builder plan =
        MigrationPlan.builder(file.text("id"), source.endpoint(), target.endpoint());
    plan.run(or(file.optional("run"), "1")).type(file.optional("type"));
    plan.warm(file.flag("warm"));
    List<PlannedVm> vms = file.list("vms", PlanReader::vm);
    if (vms.isEmpty()) {
      throw new PlanFileException("vms", "names no machine");
    }
    plan.vms(vms).settings(file.texts("settings"));
    file.list("storage", node -> node.fields(PlanReader::storage)).forEach(plan::storage);
    file.list("networks", node -> node.fields(PlanReader::network)).forEach(plan::network);
    plan.requester(
        file.<@Nullable Requester>optionalChild(
            "requester", node -> node.fields(PlanReader::requester)));
    plan.cancelled(file.list("cancelled", PlanReader::reference));
    Limits limits = file.optionalChild("limits", node -> node.fields(PlanReader::limits));
    return new PlanFile(
        built(plan),
        source.access(),
        target.access(),
        file.text("statusNamespace"),
        limits == null ? Limits.defaults() : limits);
  }

  private static MigrationPlan built(MigrationPlan.Builder builder) {
    MigrationPlan plan;
    try {
      plan = builder.build();
      plan.migrationType();
    } catch (IllegalArgumentException e) {
      throw new PlanFileException("", String.valueOf(e.getMessage()));
    }
    for (VmRef cancelled : plan.cancelled()) {
      if (plan.vm(cancelled).isEmpty()) {
        throw new PlanFileException("cancelled", cancelled + " is none of the plan's machines");
      }
    }
    return plan;
  }

  /** One side of the plan, and how to reach it. */
  private record Side(Endpoint endpoint, PlanFile.Access access) {}

  private Side side(String field, Fields side) {
    Endpoint endpoint =
        new Endpoint(
            or(side.optional("provider"), KUBEVIRT), side.text("name"), side.texts("settings"));
    String file = side.optional("kubeconfig");
    Path kubeconfig = file == null ? null : planFile.resolveSibling(file);
    if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
      throw new PlanFileException(side.at("kubeconfig"), "there is no readable " + kubeconfig);
    }
    return new Side(endpoint, new PlanFile.Access(field, kubeconfig, side.optional("context")));
  }

  private static PlannedVm vm(Node node) {
    if (!(node.value() instanceof Map)) {
      return PlannedVm.of(VmRef.parse(node.text()));
    }
    return node.fields(
        vm -> {
          VmRef source = vm.child("source", PlanReader::reference);
          VmRef target = vm.<@Nullable VmRef>optionalChild("target", PlanReader::reference);
          return PlannedVm.of(source)
              .to(target == null ? source : target)
              .withHooks(
                  vm.<@Nullable Hook>optionalChild("pre", hook -> hook.fields(PlanReader::hook)),
                  vm.<@Nullable Hook>optionalChild("post", hook -> hook.fields(PlanReader::hook)));
        });
  }

  /** Either {@code namespace/name} or the two fields. */
  private static VmRef reference(Node node) {
    return node.value() instanceof Map
        ? node.fields(vm -> new VmRef(vm.text("namespace"), vm.text("name")))
        : VmRef.parse(node.text());
  }

  private static Hook hook(Fields hook) {
    Hook.OnFailure onFailure =
        hook.optionalChild("onFailure", node -> Scalars.oneOf(Hook.OnFailure.class, node));
    return new Hook(
        hook.text("name"),
        hook.text("image"),
        hook.list("command", Node::text),
        hook.optional("playbook"),
        hook.optional("serviceAccount"),
        hook.child("deadline", Scalars::duration),
        onFailure == null ? Hook.OnFailure.ABORT : onFailure);
  }

  private static StorageMapping storage(Fields mapping) {
    return new StorageMapping(
        mapping.text("sourceClass"),
        mapping.text("targetClass"),
        mapping.optional("accessMode"),
        mapping.optional("volumeMode"));
  }

  private static NetworkMapping network(Fields mapping) {
    String target = mapping.optional("target");
    if (target == null && !mapping.flag("drop")) {
      throw new PlanFileException(
          mapping.at("target"), "is missing; write drop: true to leave the interface out");
    }
    return new NetworkMapping(mapping.text("source"), target);
  }

  private static Requester requester(Fields requester) {
    return new Requester(
        requester.text("user"),
        requester.list("groups", Node::text),
        or(requester.optional("uid"), ""),
        Map.of());
  }

  private static Limits limits(Fields limits) {
    return new Limits(
        limits.child("perSource", Scalars::number), limits.child("perTarget", Scalars::number));
  }

  private static String or(@Nullable String text, String otherwise) {
    return text == null ? otherwise : text;
  }
}

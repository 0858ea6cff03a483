package dev.migrator.examples.operator;

import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/** The wish that one virtual machine runs on another cluster; deleting it early is a cancel. */
@Group("examples.migrator.dev")
@Version("v1alpha1")
public final class Migration extends CustomResource<Migration.Spec, Migration.Status>
    implements Namespaced {

  private static final long serialVersionUID = 1L;

  /**
   * What is wished for.
   *
   * @param source the operator's name for the cluster that the machine leaves
   * @param target the operator's name for the cluster that receives it
   * @param namespace the machine's namespace
   * @param vm the machine's name
   */
  public record Spec(String source, String target, String namespace, String vm) {}

  /**
   * Where it stands.
   *
   * @param state the state of the whole
   * @param phase the current phase
   * @param step the step that people see
   * @param message what is waited for, or what went wrong
   */
  public record Status(
      String state, @Nullable String phase, @Nullable String step, @Nullable String message) {}

  /** A wish that nobody has filled in yet. */
  public Migration() {}

  @Override
  protected @Nullable Spec initSpec() {
    return null;
  }

  @Override
  protected @Nullable Status initStatus() {
    return null;
  }
}

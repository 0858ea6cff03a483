package dev.migrator.kubevirt;

import com.google.auto.service.AutoService;
import dev.migrator.model.MigrationPlan;
import dev.migrator.model.MigrationType;
import dev.migrator.spi.Migrator;
import dev.migrator.spi.MigratorContext;
import dev.migrator.spi.MigratorProvider;

/**
 * Live migration between two clusters with KubeVirt; found by {@link java.util.ServiceLoader}.
 *
 * <p>Both endpoints must name the provider {@code kubevirt}, and the host must supply an {@code
 * io.fabric8.kubernetes.client.KubernetesClient} for each of them. The clients stay the host's.
 */
@AutoService(MigratorProvider.class)
public final class KubeVirtProvider implements MigratorProvider {

  /** The provider's id, as plans spell it. */
  public static final String ID = "kubevirt";

  private final ClusterView.Factory views;

  /** A provider that watches both clusters. */
  public KubeVirtProvider() {
    this(WatchedView::open);
  }

  KubeVirtProvider(ClusterView.Factory views) {
    this.views = views;
  }

  @Override
  public String id() {
    return ID;
  }

  @Override
  public boolean supports(MigrationPlan plan) {
    return plan.source().provider().equals(ID)
        && plan.target().provider().equals(ID)
        && plan.migrationType() == MigrationType.LIVE;
  }

  @Override
  public Migrator create(MigrationPlan plan, MigratorContext context) {
    return new LiveMigrator(plan, context, views);
  }
}

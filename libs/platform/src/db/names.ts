/** The role that owns all tables and runs migrations; services never log in as it. */
export const OWNER_ROLE = 'kilowatch_owner';

const SERVICE = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/** `load-management` -> `load_management`: schema of a service. */
export function schemaName(service: string): string {
  if (!SERVICE.test(service)) throw new Error(`${service} is not the name of a service`);
  return service.replaceAll('-', '_');
}

/** `load-management` -> `kw_load_management`: the role the service logs in as. */
export function roleName(service: string): string {
  return `kw_${schemaName(service)}`;
}

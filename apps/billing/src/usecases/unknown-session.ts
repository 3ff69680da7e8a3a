import { notFound } from '@kilowatch/kernel';

export const unknownSession = () => notFound('BILLING_SESSION', 'There is no such session.');

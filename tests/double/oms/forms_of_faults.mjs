export const FORMS = {};
